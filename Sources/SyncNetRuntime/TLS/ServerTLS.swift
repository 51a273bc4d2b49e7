package import Foundation
import NIOCore
import NIOSSL

/// What a server shows of itself, and whom it trusts.
package struct ServerTLS: Equatable, Sendable {
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey
    private let authorities: [NIOSSLCertificate]
    /// When its certificate expires.
    package let expires: Date

    /// Reads PEM texts that were found to belong together.
    /// - Throws: What the library says where it can't use them.
    package init(chain: String, key: String, authorities: String, expires: Date) throws {
        self.chain = try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8))
        self.key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        self.authorities = try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8))
        self.expires = expires
        _ = try TLSContexts(self)
    }

    private var own: TLSConfiguration {
        .makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    }

    /// For clients' connections: only the server shows a certificate.
    func clientContext() throws -> NIOSSLContext {
        try Self.context(own, least: .tlsv12)
    }

    /// For streams that other servers open. The opener's certificate has to name the address from
    /// which it calls, as the acceptor's has to name the one that is called.
    func acceptorContext() throws -> NIOSSLContext {
        var configuration = own
        configuration.trustRoots = .certificates(authorities)
        configuration.certificateVerification = .fullVerification
        return try Self.context(configuration, least: .tlsv13)
    }

    /// For streams that this server opens.
    func openerContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        configuration.trustRoots = .certificates(authorities)
        return try Self.context(configuration, least: .tlsv13)
    }

    private static func context(
        _ configuration: TLSConfiguration, least: TLSVersion
    ) throws -> NIOSSLContext {
        var configuration = configuration
        configuration.minimumTLSVersion = least
        // Who does not say goodbye is not waited for.
        configuration.shutdownTimeout = .seconds(1)
        return try NIOSSLContext(configuration: configuration)
    }
}

/// What encrypts a server's connections.
struct TLSContexts {
    let clients: NIOSSLContext
    let acceptor: NIOSSLContext
    let opener: NIOSSLContext

    init(_ tls: ServerTLS) throws {
        clients = try tls.clientContext()
        acceptor = try tls.acceptorContext()
        opener = try tls.openerContext()
    }
}
