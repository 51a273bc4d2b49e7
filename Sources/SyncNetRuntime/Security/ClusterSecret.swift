import Crypto
import Foundation

/// What the servers of a cluster share, and nobody else knows: who has it is one of them.
///
/// Each use has a key of its own, so that what was made for the one is worth nothing for
/// the other.
package struct ClusterSecret: Equatable, Sendable {
    /// The shortest secret, in bytes.
    package static let bytesMin = 32
    /// The longest one.
    package static let bytesMax = 4_096
    /// The length of a whole code, in bytes.
    static let codeBytes = SHA256.byteCount

    private let datagrams: SymmetricKey
    private let streams: SymmetricKey

    /// Makes the secret of these bytes; nil where they are too few or too many.
    package init?(_ bytes: [UInt8]) {
        guard (Self.bytesMin...Self.bytesMax).contains(bytes.count) else { return nil }
        let whole = SymmetricKey(data: bytes)
        datagrams = Self.key("syncnet datagrams 1", from: whole)
        streams = Self.key("syncnet streams 1", from: whole)
    }

    private static func key(_ purpose: String, from whole: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: whole, info: Array(purpose.utf8), outputByteCount: codeBytes)
    }

    /// The code of a datagram on a port of that purpose.
    func code(of bytes: some DataProtocol, for purpose: PortPurpose) -> [UInt8] {
        var code = HMAC<SHA256>(key: datagrams)
        code.update(data: [UInt8(purpose.rawValue)])
        code.update(data: bytes)
        return Array(code.finalize())
    }

    /// The code of a part of a stream's beginning.
    func code(of bytes: [UInt8], as part: String) -> [UInt8] {
        var code = HMAC<SHA256>(key: streams)
        code.update(data: Array(part.utf8) + [0])
        code.update(data: bytes)
        return Array(code.finalize())
    }

    /// The key of the stream that begins with these bytes.
    func key(ofStream beginning: [UInt8]) -> SymmetricKey {
        SymmetricKey(data: code(of: beginning, as: "key"))
    }

    /// Whether two codes are the same, told in a time that says nothing about them.
    static func areEqual(_ one: some Collection<UInt8>, _ other: some Collection<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension ClusterSecret: CustomStringConvertible, CustomReflectable {
    /// Nothing of the secret.
    package var description: String { "a cluster secret" }
    /// Nothing of the secret.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension ClusterSecret {
    /// Reads the secret from a file that not everybody can read. An end of line is no part of it.
    /// - Throws: `SettingsError`, one line that says what to change.
    package static func read(_ path: String) throws(SettingsError) -> ClusterSecret {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SettingsError(
                "can't read the secret file \(path) (\(String(cString: strerror(errno)))): "
                    + "make one with \"syncnet init\", and let this user read it")
        }
        defer { close(descriptor) }
        try checkAccess(descriptor, path)
        return try secret(of: contents(of: descriptor), path)
    }

    private static func checkAccess(
        _ descriptor: CInt, _ path: String
    ) throws(SettingsError) {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw SettingsError("the secret file \(path) is no file: name one")
        }
        guard facts.st_mode & 0o007 == 0 else {
            throw SettingsError(
                "everybody on this machine can read or change the secret file \(path): "
                    + "say \"chmod 600 \(path)\"")
        }
    }

    private static func contents(of descriptor: CInt) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: bytesMax + 3)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        bytes.removeLast(bytes.count - max(0, count))
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    private static func secret(
        of bytes: [UInt8], _ path: String
    ) throws(SettingsError) -> ClusterSecret {
        if let secret = ClusterSecret(bytes) { return secret }
        let size = bytes.count > bytesMax ? "more than \(bytesMax)" : "\(bytes.count)"
        throw SettingsError(
            "the secret in \(path) has \(size) bytes, but has to have \(bytesMin) to \(bytesMax): "
                + "make one with \"syncnet init\" or \"openssl rand -hex 32\"")
    }
}
