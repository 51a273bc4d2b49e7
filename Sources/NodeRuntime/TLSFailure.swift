import NIOCore
import NIOSSL

/// Why two ends of a connection did not come to encrypt it.
package enum TLSFailure: Error, Equatable, Sendable {
    /// The other end shows no certificate of an authority that this end trusts, or an old one.
    case untrusted
    /// The other end shows a certificate for another host.
    case wrongName
    /// The other end does not speak TLS.
    case notSpoken
    /// The other end does not trust this one, or has no way to encrypt in common with it.
    case refused
    /// The connection ended before.
    case ended
    /// It took too long.
    case late
    /// Something else, in the library's words.
    case other(String)

    /// Reads an error of the library, which tells what BoringSSL found by its name only.
    package init(_ error: any Error) {
        if let failure = error as? TLSFailure {
            self = failure
            return
        }
        let text = "\(error)"
        let known: [(String, TLSFailure)] = [
            ("failedToValidateHostname", .wrongName), ("CERTIFICATE_VERIFY_FAILED", .untrusted),
            ("PEER_DID_NOT_RETURN_A_CERTIFICATE", .untrusted),
            ("WRONG_VERSION_NUMBER", .notSpoken), ("HTTP_REQUEST", .notSpoken),
            ("_ALERT_", .refused), ("EOF during handshake", .ended),
        ]
        self =
            known.first { text.contains($0.0) }?.1
            ?? ((error as? NIOSSLExtraError) == .failedToValidateHostname
                ? .wrongName : error is IOError ? .ended : .other(text))
    }

    /// What the other end did, as it is said of it.
    package var words: String {
        switch self {
        case .untrusted: "shows no valid certificate of the authority"
        case .wrongName: "shows a certificate that does not name its address"
        case .notSpoken: "does not speak TLS"
        case .refused: "refuses the handshake, or this certificate"
        case .ended: "ended the connection in the handshake"
        case .late: "does not end the handshake"
        case .other(let text): "came to no handshake: \(text)"
        }
    }
}
