import NIOCore
import NIOPosix
import StateMachine

/// All links, and what connects them. Belongs to the relay's event loop.
final class RelayDesk {
    /// How long a server may take to accept a stream.
    private static let connectTime = TimeAmount.seconds(1)

    private let map: RelayMap
    private let loop: any EventLoop
    private var links: [Link: LinkState] = [:]
    /// What clients come over: their streams are left alone here.
    private let clients = LinkState(seed: 0)
    private var sockets: [Link: [Int: RelaySocket]] = [:]

    init(_ map: RelayMap, seed: UInt64, on loop: any EventLoop) {
        self.map = map
        self.loop = loop
        var dice = Generator(seed: seed)
        for link in Link.all(among: map.servers) { links[link] = LinkState(seed: dice.next()) }
    }

    func add(_ socket: RelaySocket, at link: Link, _ offset: Int) {
        sockets[link, default: [:]][offset] = socket
    }

    func change(to weather: [Link: Weather]) {
        for (link, state) in links { state.change(to: weather[link] ?? .fair) }
    }

    func reset(_ broken: [Link]) { for link in broken { links[link]?.reset() } }

    func breakAll() { for state in Array(links.values) + [clients] { state.reset() } }

    var tally: RelayTally { links.values.reduce(RelayTally()) { $0 + $1.tally } }

    /// A datagram came to a door. It leaves through the one where its receiver believes its
    /// sender to be.
    func pass(_ bytes: ByteBuffer, over link: Link, _ offset: Int) {
        let way = Link(from: link.to, to: link.from)
        guard let state = links[link], let socket = sockets[way]?[offset],
            let target = try? address(of: link.to, offset)
        else { return }
        for delay in state.copies() {
            if delay == .zero {
                socket.send(bytes, to: target)
            } else {
                loop.assumeIsolated().scheduleTask(in: delay) { socket.send(bytes, to: target) }
            }
        }
    }

    private func address(of server: Int, _ offset: Int) throws -> SocketAddress {
        try SocketAddress(
            ipAddress: map.hosts[server], port: map.basePort(of: server) + offset)
    }

    /// A stream came to a door.
    func accept(
        _ channel: any Channel, _ handler: PumpHandler, over link: Link, _ offset: Int
    ) {
        let far = PumpHandler()
        let bound = NIOLoopBound(far, eventLoop: loop)
        let isClient = offset == RelayMap.clientOffset
        guard let there = isClient ? clients : links[link],
            let back = isClient ? clients : links[Link(from: link.to, to: link.from)],
            let source = try? SocketAddress(ipAddress: map.doorHost, port: 0),
            let target = try? address(of: link.to, offset)
        else { return channel.close(promise: nil) }
        ClientBootstrap(group: loop).connectTimeout(Self.connectTime).bind(to: source)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: false)
            .channelInitializer { other in
                other.eventLoop.makeCompletedFuture {
                    try other.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(to: target).assumeIsolated().whenComplete { result in
                guard case .success(let other) = result, channel.isActive else {
                    if case .success(let other) = result { other.close(promise: nil) }
                    return channel.close(promise: nil)
                }
                let forth = StreamPump(over: there, from: channel, to: other)
                let home = StreamPump(over: back, from: other, to: channel)
                (handler.pump, handler.counterpart) = (forth, home)
                (far.pump, far.counterpart) = (home, forth)
                forth.move()
                home.move()
            }
    }
}
