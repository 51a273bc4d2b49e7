import NIOCore
import NIOSSL

/// How a client makes sure that it speaks to a server of the cluster, and that nobody listens.
///
/// Servers have to show a certificate of an authority that the client trusts, and that names
/// the host or the address to which the client connects.
public struct ChatTLS: Sendable {
    private let context: NIOSSLContext

    /// Trusts the authorities in a file.
    /// - Parameter path: A PEM file with the certificates of one or more authorities.
    /// - Throws: ``ChatError/badAuthority(_:)``
    public init(authority path: String) throws(ChatError) {
        do {
            let authorities = try NIOSSLCertificate.fromPEMFile(path)
            guard !authorities.isEmpty else { throw ChatError.badAuthority(path) }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates(authorities)
            configuration.minimumTLSVersion = .tlsv12
            configuration.shutdownTimeout = .seconds(1)
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badAuthority(path)
        }
    }

    /// What encrypts one connection to an address.
    func handler(to address: ChatAddress) throws -> NIOSSLClientHandler {
        // Addresses are no names to the protocol: those are compared with what is connected to.
        let isNumeric = (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
        return try NIOSSLClientHandler(
            context: context, serverHostname: isNumeric ? nil : address.host)
    }
}
