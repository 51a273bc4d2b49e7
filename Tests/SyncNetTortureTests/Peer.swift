import NIOCore
import NIOPosix
import Synchronization

/// A socket that remembers what it heard.
final class Peer: Sendable {
    struct TooLate: Error {}

    private let channel: any Channel
    private let memory: Memory

    private init(_ channel: any Channel, _ memory: Memory) {
        self.channel = channel
        self.memory = memory
    }

    static func datagrams(_ port: Int) async throws -> Peer {
        let memory = Memory()
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramEar(memory))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return Peer(channel, memory)
    }

    static func listening(_ port: Int) async throws -> Peer {
        let memory = Memory()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamEar(memory))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return Peer(channel, memory)
    }

    static func connected(to port: Int) async throws -> Peer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        return Peer(channel, Memory())
    }

    func send(_ text: String, to port: Int) async throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        try await channel.writeAndFlush(
            AddressedEnvelope(remoteAddress: address, data: ByteBuffer(string: text)))
    }

    func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    var text: String { memory.heard.withLock { $0.joined() } }

    /// The first so many that it hears; fails where they don't come.
    func heard(_ count: Int) async throws -> [String] {
        try await wait { memory.heard.withLock { $0.count >= count } }
        return memory.heard.withLock { $0 }
    }

    /// Waits until so many bytes came.
    func heardBytes(_ count: Int) async throws { try await wait { text.utf8.count >= count } }

    /// Waits until the other side has ended it.
    func ends() async throws { try await wait { !channel.isActive } }

    private func wait(_ isSo: () -> Bool) async throws {
        for _ in 0..<500 {
            if isSo() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TooLate()
    }

    func close() async { try? await channel.close() }
}

private final class Memory: Sendable {
    let heard = Mutex<[String]>([])
}

private final class DatagramEar: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let memory: Memory

    init(_ memory: Memory) { self.memory = memory }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let port = envelope.remoteAddress.port ?? 0
        memory.heard.withLock { $0.append("\(String(buffer: envelope.data)) from \(port)") }
    }
}

private final class StreamEar: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let memory: Memory

    init(_ memory: Memory) { self.memory = memory }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        memory.heard.withLock { $0.append(String(buffer: unwrapInboundIn(data))) }
    }
}
