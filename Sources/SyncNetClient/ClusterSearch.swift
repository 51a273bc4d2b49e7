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
    ///   - ports: The discovery ports to ask.
    ///   - limit: How long to wait for the first answer.
    /// - Returns: The servers that the first answer names; none where nobody answered.
    public static func find(
        broadcast: String = "127.255.255.255", ports: [Int] = defaultPorts,
        within limit: Duration = .seconds(3)
    ) async throws -> [ServerAddress] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let targets = try ports.map { try SocketAddress(ipAddress: broadcast, port: $0) }
        let found = loop.makePromise(of: [ServerAddress].self)
        let channel: any Channel
        do {
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
                .bind(host: broadcast.hasPrefix("127.") ? "127.0.0.1" : "0.0.0.0", port: 0).get()
        } catch {
            found.succeed([])
            throw error
        }
        loop.scheduleTask(in: TimeAmount(limit)) { found.succeed([]) }
        // A datagram may be lost: ask again until somebody answers.
        let asking = loop.scheduleRepeatedTask(initialDelay: .zero, delay: repetition) { _ in
            for target in targets { ask(target, over: channel) }
        }
        let servers = try await found.futureResult.get()
        asking.cancel()
        try? await channel.close().get()
        return servers
    }

    private static let repetition = TimeAmount.milliseconds(500)

    private static func ask(_ target: SocketAddress, over channel: any Channel) {
        let request = ClientRequest(
            sender: "search", createdAt: nil, session: nil, request: 1,
            body: .discovery(status: false))
        var bytes: [UInt8] = []
        ClientCodec.encode(
            Message(stamp: .zero, body: .request(request)), sender: "search", createdAt: 0,
            into: &bytes)
        let envelope = AddressedEnvelope(
            remoteAddress: target, data: channel.allocator.buffer(bytes: bytes))
        channel.writeAndFlush(envelope, promise: nil)
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
            case .reply(.servers(_, let servers, _)) = message.body, !servers.isEmpty
        else { return }
        found.succeed(servers)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
