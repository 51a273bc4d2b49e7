import SyncNetProtocol

/// The slow work with passwords as the simulated world does it: a verifier is the password with a
/// number behind it, so that no two verifiers are equal and a judge can read them.
struct WorldlyHash {
    /// What every simulated server takes for its operator's token.
    static let token: Text = "token"

    private var made: UInt64 = 0

    /// What a job comes to.
    mutating func verifier(of job: PasswordJob) -> Text? {
        switch job.task {
        case .make:
            made += 1
            return Text(utf8: job.password.utf8 + Array("#\(made)".utf8))
        case .check(let verifier?): return Self.fits(job.password, verifier) ? verifier : nil
        case .check(nil): return nil
        }
    }

    /// Whether the verifier was made of this password.
    static func fits(_ password: Text, _ verifier: Text) -> Bool {
        guard let end = verifier.utf8.lastIndex(of: UInt8(ascii: "#")) else { return false }
        return verifier.utf8[..<end].elementsEqual(password.utf8)
    }
}
