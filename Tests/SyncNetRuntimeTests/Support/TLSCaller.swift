import NIOCore
import NIOPosix
import NIOSSL

/// A stranger who speaks TLS, trusts everybody, and shows what it is told to.
enum TLSCaller {
    /// Calls a port, sends a few bytes once it may, and waits for the end.
    static func call(_ port: Int, showing pair: (certificate: String, key: String)?) async throws {
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
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.writeAndFlush(channel.allocator.buffer(string: "SYNC and no more"), promise: nil)
        try await channel.closeFuture.get()
    }
}
