import NodeRuntime

/// Why a client and a server don't come to speak with each other, though the server is there.
public enum TLSTrouble: Error, Equatable, Sendable, CustomStringConvertible {
    /// The server speaks only TLS, and the client was told to trust no authority.
    case required
    /// The server does not speak TLS.
    case notSpoken
    /// The server shows no valid certificate of an authority that the client trusts.
    case untrusted
    /// The server's certificate names another host.
    case wrongName
    /// Something else stands in the way.
    case other(String)

    /// The trouble behind an error; nil where there is none, and the server just did not answer.
    init?(_ error: any Error) {
        guard let failure = error as? TLSFailure else { return nil }
        switch failure {
        case .untrusted: self = .untrusted
        case .wrongName: self = .wrongName
        case .notSpoken: self = .notSpoken
        case .refused, .other: self = .other(failure.words)
        case .ended, .late: return nil
        }
    }

    /// What the server does, and what to do about it.
    public var description: String {
        switch self {
        case .required:
            "speaks only TLS: name the file with the authority of its certificates "
                + "(--tls-authority)"
        case .notSpoken:
            "does not speak TLS: name another port, or leave the authority out (--tls-authority)"
        case .untrusted:
            "shows no valid certificate of the authority that was named: name that of this "
                + "cluster (--tls-authority), or see whether the certificate has expired"
        case .wrongName:
            "shows a certificate for another host: connect to a host that stands in it"
        case .other(let detail): detail
        }
    }
}
