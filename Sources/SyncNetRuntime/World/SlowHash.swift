import CryptoExtras
import Foundation
import SyncNetProtocol

/// scrypt (RFC 7914) over a password and a salt of its own, as text that says how it was made:
/// `scrypt$15$8$1$SALT$KEY`, salt and key in base 64. So the parameters can be raised, and
/// what was made before is still read.
enum SlowHash {
    /// The parameters: 2 to this many rounds, block size, parallelism. About 32 MiB.
    struct Cost: Equatable {
        var logRounds = 15
        var blockSize = 8
        var parallelism = 1

        /// Whether it is one that this software would ever have chosen, or lets anybody choose.
        var isReasonable: Bool {
            (10...20).contains(logRounds) && (1...16).contains(blockSize)
                && (1...4).contains(parallelism)
        }
    }

    private static let saltBytes = 16
    private static let keyBytes = 32

    /// What a job comes to: the verifier that was made, or that the password fits.
    static func verifier(of job: PasswordJob) -> Text? {
        switch job.task {
        case .make: return make(job.password)
        case .check(let verifier?): return fits(job.password, verifier) ? verifier : nil
        case .check(nil):
            // As slow as if there were an account: who asks learns nothing from the time.
            _ = make(job.password)
            return nil
        }
    }

    private static func make(_ password: Text) -> Text? {
        var dice = SystemRandomNumberGenerator()
        let salt = (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &dice) }
        let cost = Cost()
        guard let key = key(of: password, salt, cost) else { return nil }
        let texts = [Data(salt), Data(key)].map { $0.base64EncodedString() }
        return Text(
            "scrypt$\(cost.logRounds)$\(cost.blockSize)$\(cost.parallelism)$"
                + texts.joined(separator: "$"))
    }

    private static func fits(_ password: Text, _ verifier: Text) -> Bool {
        let parts = verifier.string.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let logRounds = Int(parts[1]),
            let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
            let salt = Data(base64Encoded: String(parts[4])),
            let known = Data(base64Encoded: String(parts[5])), known.count == keyBytes
        else { return false }
        let cost = Cost(logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        guard cost.isReasonable, let key = key(of: password, Array(salt), cost) else {
            return false
        }
        var difference: UInt8 = 0
        for (own, theirs) in zip(key, known) { difference |= own ^ theirs }
        return difference == 0
    }

    private static func key(of password: Text, _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: password.utf8, salt: salt, outputByteCount: keyBytes,
            rounds: 1 << cost.logRounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism, maxMemory: 1 << 30)
        return key.map { key in key.withUnsafeBytes { Array($0) } }
    }
}
