import NIOCore
import NIOPosix
import NIOSSL

/// A stranger who speaks TLS, trusts everybody, and shows what it is told to.
enum TLSCaller {
    /// Calls a port, sends a text once it may and that nothing follows, and waits for the end.
    /// - Returns: What it was told until then.
    @discardableResult
    static func call(
        _ port: Int, showing pair: (certificate: String, key: String)?,
        saying text: String = "SYNC and no more"
    ) async throws -> String {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        if let pair {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(
                Array(pair.certificate.utf8)
            ).map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem))
        }
        let context = try NIOSSLContext(configuration: configuration)
        let heard = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: context, serverHostname: nil),
                        Hearing(heard),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.writeAndFlush(channel.allocator.buffer(string: text), promise: nil)
        channel.close(mode: .output, promise: nil)
        return try await heard.futureResult.get()
    }
}

/// Keeps what comes until the end.
private final class Hearing: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let heard: EventLoopPromise<String>
    private var text = ""

    init(_ heard: EventLoopPromise<String>) { self.heard = heard }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
    }

    func handlerRemoved(context: ChannelHandlerContext) { heard.succeed(text) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
