package import Foundation
import SwiftASN1
package import SyncNetRuntime
import X509

extension ServerTLS {
    /// Reads a server's files, and finds all that would keep it from being trusted.
    /// - Throws: `SettingsError`, one line for each problem.
    package static func read(
        _ files: TLSFiles, for server: ServerConfig, at now: Date = Date()
    ) throws(SettingsError) -> ServerTLS {
        var reading = TLSReading(files: files.files(of: server.serverID), server: server, now: now)
        guard let tls = reading.read(), reading.problems.isEmpty else {
            throw SettingsError(reading.problems)
        }
        return tls
    }
}

/// Reads a server's certificate, key and authority, and compares them.
private struct TLSReading {
    let files: TLSFiles
    let server: ServerConfig
    let now: Date
    private(set) var problems: [SettingsProblem] = []

    init(files: TLSFiles, server: ServerConfig, now: Date) {
        self.files = files
        self.server = server
        self.now = now
    }

    private mutating func complain(_ part: String, _ text: String) {
        problems.append(SettingsProblem(subject: "tls.\(part)", text: text))
    }

    /// What the files hold; nil where there are problems.
    mutating func read() -> ServerTLS? {
        let chain = certificates(files.certificate, "certificate")
        let key = key(files.key)
        let authorities = certificates(files.authority, "authority")
        if let chain, let authorities { check(chain, authorities) }
        if let chain, let key { check(key.key, chain.list[0]) }
        guard problems.isEmpty, let chain, let key, let authorities else { return nil }
        do {
            return try ServerTLS(
                chain: chain.text, key: key.text, authorities: authorities.text,
                expires: chain.list[0].notValidAfter)
        } catch {
            complain("certificate", "TLS can't use the certificate and key of \(name): \(error)")
            return nil
        }
    }

    private var name: String { server.serverID }

    private mutating func text(_ path: String?, _ part: String) -> (path: String, text: String)? {
        guard let path else {
            complain(part, "tls has no \(part): name a certificate, its key and the authority")
            return nil
        }
        guard access(path, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            complain(
                part,
                "can't read the \(part) \(path) (\(reason)): name a PEM file that this user can "
                    + "read (\"syncnet init --tls\" makes some for trying out)")
            return nil
        }
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(data: bytes, encoding: .utf8)
        else {
            complain(part, "the \(part) \(path) is no PEM file: name one")
            return nil
        }
        return (path, text)
    }

    private typealias Certificates = (path: String, text: String, list: [Certificate])

    private mutating func certificates(_ path: String?, _ part: String) -> Certificates? {
        guard let (path, text) = text(path, part) else { return nil }
        do {
            let list = try PEMDocument.parseMultiple(pemString: text).map {
                try Certificate(pemDocument: $0)
            }
            if !list.isEmpty { return (path, text, list) }
        } catch { /* Told below, in one line. */  }
        complain(
            part, "the \(part) \(path) holds no certificates in PEM form: name a file that does")
        return nil
    }

    private mutating func key(
        _ path: String?
    ) -> (path: String, text: String, key: Certificate.PrivateKey)? {
        guard let (path, text) = text(path, "key") else { return nil }
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = facts?[.posixPermissions] as? Int, mode & 0o007 == 0 else {
            complain(
                "key",
                "everybody on this machine can read or change the key \(path): "
                    + "say \"chmod 600 \(path)\"")
            return nil
        }
        // What openssl writes before a key on a curve says only which curve.
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        guard let document = documents.first(where: { $0.discriminator != "EC PARAMETERS" }),
            let key = try? Certificate.PrivateKey(pemDocument: document)
        else {
            complain(
                "key",
                "the key \(path) holds no private key in PEM form without a password: "
                    + "name a file that does")
            return nil
        }
        return (path, text, key)
    }
}

extension TLSReading {
    private mutating func check(_ key: Certificate.PrivateKey, _ certificate: Certificate) {
        guard key.publicKey != certificate.publicKey else { return }
        complain(
            "key",
            "the key \(files.key ?? "") does not belong to the certificate "
                + "\(files.certificate ?? ""): name the one that it was made with")
    }

    private mutating func check(_ chain: Certificates, _ authorities: Certificates) {
        let own = chain.list[0]
        checkDates(own, chain.path, "certificate")
        for authority in authorities.list { checkDates(authority, authorities.path, "authority") }
        if !Self.leads(chain.list, to: authorities.list) {
            complain(
                "certificate",
                "the certificate \(chain.path) does not come from the authority "
                    + "\(authorities.path): name the authority that signed it")
        }
        checkHost(own, chain.path)
        checkUsage(own, chain.path)
    }

    private mutating func checkDates(_ certificate: Certificate, _ path: String, _ part: String) {
        if certificate.notValidAfter < now {
            complain(
                part,
                "the \(part) \(path) expired on \(Self.day(certificate.notValidAfter)): "
                    + "have a new one made")
        } else if certificate.notValidBefore > now {
            complain(
                part,
                "the \(part) \(path) is valid only from "
                    + "\(Self.day(certificate.notValidBefore)): is this machine's clock right?")
        }
    }

    private static func day(_ date: Date) -> String { date.formatted(.iso8601) }

    /// Whether each certificate up to one of the authorities signed the one before.
    private static func leads(_ chain: [Certificate], to authorities: [Certificate]) -> Bool {
        for (place, certificate) in chain.enumerated() {
            if authorities.contains(where: { $0 == certificate || signed($0, certificate) }) {
                return true
            }
            guard place + 1 < chain.count, signed(chain[place + 1], certificate) else {
                return false
            }
        }
        return false
    }

    private static func signed(_ issuer: Certificate, _ certificate: Certificate) -> Bool {
        certificate.issuer == issuer.subject
            && issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    // Servers call each other by address, and each compares what it sees with the certificate.
    private mutating func checkHost(_ certificate: Certificate, _ path: String) {
        guard let address = IPv4Address(server.host) else { return }
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? nil
        let isNamed = names?.contains { $0 == .ipAddress(address.asOctets) } ?? false
        guard !isNamed else { return }
        complain(
            "certificate",
            "the certificate \(path) does not name the address \(address) of \(name): have one "
                + "made with it among its alternative names")
    }

    private mutating func checkUsage(_ certificate: Certificate, _ path: String) {
        guard let usage = try? certificate.extensions.extendedKeyUsage, !usage.contains(.any),
            !(usage.contains(.serverAuth) && usage.contains(.clientAuth))
        else { return }
        complain(
            "certificate",
            "the certificate \(path) is not for servers and clients of TLS alike, and a server "
                + "is both: have one made with both uses, or none named")
    }
}

extension IPv4Address {
    /// As certificates name it.
    var asOctets: ASN1OctetString {
        ASN1OctetString(contentBytes: [24, 16, 8, 0].map { UInt8(bits >> $0 & 0xFF) }[...])
    }
}
