import Crypto
package import Foundation
import SwiftASN1
package import SyncNetRuntime
import X509

/// An authority for trying out: it signs certificates for the servers of one cluster.
package struct TrialAuthority {
    /// How long the authority is valid, in seconds.
    package static let lifetime: TimeInterval = 3_650 * day
    /// How long the certificate of a server is valid, in seconds.
    package static let serverLifetime: TimeInterval = 730 * day
    private static let day: TimeInterval = 86_400
    // The clock of another machine may be a little behind.
    private static let slack: TimeInterval = 3_600

    /// A certificate and its private key, as PEM.
    package struct Pair: Equatable, Sendable {
        package var certificate: String
        package var key: String
    }

    private let certificate: Certificate
    private let key: Certificate.PrivateKey
    private let now: Date

    /// Makes an authority.
    package init(at now: Date = Date()) throws {
        self.now = now
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let publicKey = key.publicKey
        let name = try DistinguishedName { CommonName("SyncNet trial authority") }
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now - Self.slack, notValidAfter: now + Self.lifetime, issuer: name,
            subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: publicKey)
            }, issuerPrivateKey: key)
    }

    /// The authority whose certificate and key were written down, as PEM.
    /// - Throws: What is wrong with them, also where they don't belong together.
    package init(certificate: String, key: String, at now: Date = Date()) throws {
        self.now = now
        self.certificate = try Certificate(pemEncoded: certificate)
        self.key = try Certificate.PrivateKey(pemEncoded: key)
        guard self.key.publicKey == self.certificate.publicKey else { throw Mismatch() }
    }

    private struct Mismatch: Error {}

    /// Until when it is valid.
    package var ends: Date { certificate.notValidAfter }

    /// The authority's own.
    package func pair() throws -> Pair { try Self.pair(certificate, key) }

    /// One for a server: it names the host as it is configured, and its address.
    /// - Parameters:
    ///   - server: The server.
    ///   - doors: More hosts at which others find it, as behind a relay.
    ///   - lifetime: How long it is valid, in seconds; one below zero makes an expired one.
    package func pair(
        for server: ServerConfig, alsoAt doors: [String] = [],
        lifetime: TimeInterval = serverLifetime
    ) throws -> Pair {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let authorityID = SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier
        // Nobody trusts it any longer than the authority.
        let end = min(now + lifetime, self.certificate.notValidAfter)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: own.publicKey,
            notValidBefore: min(now, end) - Self.slack, notValidAfter: end,
            issuer: self.certificate.subject,
            subject: try DistinguishedName { CommonName(server.serverID) },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames(([server.host] + doors).flatMap(Self.names))
                SubjectKeyIdentifier(hash: own.publicKey)
                AuthorityKeyIdentifier(keyIdentifier: authorityID)
            }, issuerPrivateKey: key)
        return try Self.pair(certificate, own)
    }

    private static func names(of host: String) -> [GeneralName] {
        guard let address = IPv4Address(host) else { return [.dnsName(host)] }
        let isLocal = address == IPv4Address("localhost")
        let names = isLocal ? ["localhost"] : []
        return names.map { .dnsName($0) } + [.ipAddress(address.asOctets)]
    }

    private static func pair(
        _ certificate: Certificate, _ key: Certificate.PrivateKey
    ) throws -> Pair {
        Pair(
            certificate: try certificate.serializeAsPEM().pemString + "\n",
            key: try key.serializeAsPEM().pemString + "\n")
    }
}
