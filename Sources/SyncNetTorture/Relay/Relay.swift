import NIOCore
import NIOPosix

/// Stands between all servers of a cluster, and treats what they send as it is told.
///
/// Servers can be on one loopback interface: that needs no rights, and works everywhere.
package final class Relay: Sendable {
    private let loop: any EventLoop
    private let desk: NIOLoopBoundBox<RelayDesk>
    private let doors: [any Channel]

    private init(_ loop: any EventLoop, _ desk: NIOLoopBoundBox<RelayDesk>, _ doors: [any Channel])
    {
        self.loop = loop
        self.desk = desk
        self.doors = doors
    }

    /// Opens all doors; everything goes through at first.
    /// - Parameters:
    ///   - map: Where servers and doors are.
    ///   - seed: What is drawn from the weather's chances is drawn from here.
    /// - Throws: The system's error where a port can't be bound.
    package static func open(_ map: RelayMap, seed: UInt64) async throws -> Relay {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let desk = try await loop.submit {
            NIOLoopBoundBox(RelayDesk(map, seed: seed, on: loop), eventLoop: loop)
        }.get()
        var doors: [any Channel] = []
        do {
            for link in Link.all(among: map.servers) {
                for offset in RelayMap.datagramOffsets {
                    let socket = try await RelaySocket.open(
                        at: place(of: link, offset, in: map), on: loop
                    ) { desk.value.pass($0, over: link, offset) }
                    doors.append(socket.channel)
                    try await loop.submit { desk.value.add(socket, at: link, offset) }.get()
                }
                for offset in [RelayMap.peerOffset, RelayMap.clientOffset] {
                    doors.append(try await listen(at: link, offset, of: map, to: desk, on: loop))
                }
            }
        } catch {
            for door in doors { try? await door.close() }
            throw error
        }
        return Relay(loop, desk, doors)
    }

    private static func place(
        of link: Link, _ offset: Int, in map: RelayMap
    ) throws -> SocketAddress {
        try SocketAddress(ipAddress: map.doorHost, port: map.door(of: link) + offset)
    }

    private static func listen(
        at link: Link, _ offset: Int, of map: RelayMap, to desk: NIOLoopBoundBox<RelayDesk>,
        on loop: any EventLoop
    ) async throws -> any Channel {
        try await ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = PumpHandler()
                    try channel.pipeline.syncOperations.addHandler(handler)
                    desk.value.accept(channel, handler, over: link, offset)
                }
            }
            .bind(to: place(of: link, offset, in: map)).get()
    }

    /// Gives every link its weather from now on; those that are not named have none.
    package func change(to weather: [Link: Weather]) {
        let desk = desk
        loop.execute { desk.value.change(to: weather) }
    }

    /// Breaks the streams over these links.
    package func reset(_ links: [Link]) {
        let desk = desk
        loop.execute { desk.value.reset(links) }
    }

    /// What came over all links by now.
    package var tally: RelayTally {
        get async throws {
            let desk = desk
            return try await loop.submit { desk.value.tally }.get()
        }
    }

    /// Closes all doors, and breaks all streams.
    package func close() async {
        let desk = desk
        for door in doors { try? await door.close() }
        try? await loop.submit { desk.value.breakAll() }.get()
    }
}
