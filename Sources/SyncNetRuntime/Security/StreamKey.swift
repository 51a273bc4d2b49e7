import Crypto
import Foundation

/// Marks the frames of one stream between servers, and knows them again.
///
/// The key is of this stream alone, since both sides put dice into it; every frame has its
/// number. So a frame that was recorded fits into no other place and no other stream.
struct StreamKey {
    /// How much of a frame's code is sent, in bytes.
    static let markBytes = 16

    private let key: SymmetricKey
    private var nextNumber: UInt64 = 0

    init(_ key: SymmetricKey) { self.key = key }

    /// The mark of the next frame.
    mutating func mark(of frame: some DataProtocol) -> [UInt8] {
        let number = nextNumber
        nextNumber += 1
        var code = HMAC<SHA256>(key: key)
        code.update(data: (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
        code.update(data: frame)
        return Array(code.finalize().prefix(Self.markBytes))
    }
}
