import NIOCore
import NIOPosix
import StateMachine
public import SyncNetProtocol
import SyncNetWire

/// Finds a cluster of which no address is known, by broadcast.
public enum ClusterSearch {
    /// Where the servers of the default cluster listen for such questions.
    public static let defaultPorts = [8_010, 8_011, 8_012]

    /// Asks all machines of a network for the servers of their cluster.
    /// - Parameters:
    ///   - broadcast: The network's broadcast address; that of the loopback network by default.
    ///   - asksNetworks: Whether to ask all networks of this machine, too, where nobody of that
    ///     one has answered at once.
    ///   - ports: The discovery ports to ask.
    ///   - limit: How long to wait for the first answer.
    /// - Returns: The servers that the first answer names; none where nobody answered.
    public static func find(
        broadcast: String = "127.255.255.255", asksNetworks: Bool = false,
        ports: [Int] = defaultPorts, within limit: Duration = .seconds(3)
    ) async throws -> [ServerAddress] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let own = broadcast.hasPrefix("127.") ? "127.0.0.1" : "0.0.0.0"
        let found = loop.makePromise(of: [ServerAddress].self)
        var ways: [Way] = []
        do {
            ways.append(try await Way(from: own, to: broadcast, ports, on: loop, found))
        } catch {
            found.succeed([])
            throw error
        }
        // An interface may go while it is asked.
        for address in asksNetworks ? (try? ownAddresses()) ?? [] : [] {
            let way = try? await Way(from: address, to: everywhere, ports, on: loop, found)
            if let way { ways.append(way) }
        }
        loop.scheduleTask(in: TimeAmount(limit)) { found.succeed([]) }
        // A datagram may be lost: ask again until somebody answers.
        let groups = [ways.prefix(1), ways.dropFirst()]
        let asking = zip([.zero, headStart], groups).map { delay, some in
            loop.scheduleRepeatedTask(initialDelay: delay, delay: repetition) { _ in
                for way in some { way.ask() }
            }
        }
        let servers = try await found.futureResult.get()
        for task in asking { task.cancel() }
        for way in ways { try? await way.channel.close().get() }
        return servers
    }

    private static let everywhere = "255.255.255.255"
    private static let repetition = TimeAmount.milliseconds(500)
    /// Who answers on this machine does so before.
    private static let headStart = TimeAmount.milliseconds(150)

    /// The addresses of this machine in its networks. A datagram for everybody leaves by the
    /// interface of the address that it comes from, whatever the routes say.
    private static func ownAddresses() throws -> [String] {
        try System.enumerateDevices().compactMap { device in
            guard device.broadcastAddress != nil, case .v4 = device.address,
                let address = device.address?.ipAddress, !address.hasPrefix("127.")
            else { return nil }
            return address
        }
    }
}

/// A socket, and whom it asks.
private struct Way: Sendable {
    let channel: any Channel
    private let targets: [SocketAddress]

    init(
        from own: String, to broadcast: String, _ ports: [Int], on loop: any EventLoop,
        _ found: EventLoopPromise<[ServerAddress]>
    ) async throws {
        targets = try ports.map { try SocketAddress(ipAddress: broadcast, port: $0) }
        channel = try await DatagramBootstrap(group: loop)
            .channelOption(.socketOption(.so_broadcast), value: 1)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 16)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(found))
                }
            }
            .bind(host: own, port: 0).get()
    }

    func ask() {
        let request = ClientRequest(
            sender: "search", createdAt: nil, session: nil, request: 1,
            body: .discovery(status: false))
        var bytes: [UInt8] = []
        ClientCodec.encode(
            Message(stamp: .zero, body: .request(request)), sender: "search", createdAt: 0,
            into: &bytes)
        for target in targets {
            let envelope = AddressedEnvelope(
                remoteAddress: target, data: channel.allocator.buffer(bytes: bytes))
            channel.writeAndFlush(envelope, promise: nil)
        }
    }
}

/// Takes the first answer that names servers.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let found: EventLoopPromise<[ServerAddress]>

    init(_ found: EventLoopPromise<[ServerAddress]>) { self.found = found }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var line = Array(unwrapInboundIn(data).data.readableBytesView)
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        guard let message = try? ClientCodec.decodeReply(line),
            case .reply(.servers(_, let servers, _, _)) = message.body, !servers.isEmpty
        else { return }
        found.succeed(servers)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
