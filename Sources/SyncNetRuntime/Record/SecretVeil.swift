import Crypto
import Foundation
import SyncNetProtocol
import SyncNetWire

extension Veil {
    /// A veil of a key that is drawn now and kept nowhere else: pseudonyms are HMAC-SHA-256, in
    /// hexadecimal digits, so nobody gets from one back to its secret, not even by guessing.
    static func drawn() -> Veil {
        let key = SymmetricKey(size: .bits256)
        return Veil { secret in
            var digits: [UInt8] = []
            var block: UInt8 = 0
            while digits.count < secret.utf8.count {
                let code = HMAC<SHA256>.authenticationCode(for: [block] + secret.utf8, using: key)
                for byte in code { digits += [Self.digit(byte >> 4), Self.digit(byte & 15)] }
                block &+= 1
            }
            return Text(utf8: Array(digits.prefix(secret.utf8.count)))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
