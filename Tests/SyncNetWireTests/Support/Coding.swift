import SyncNetProtocol
import SyncNetWire

func encoded(_ message: Message, as version: PeerVersion = .current) -> [UInt8] {
    var bytes: [UInt8] = []
    PeerCodec.encode(message, as: version, into: &bytes)
    return bytes
}

func decoded(_ bytes: [UInt8]) throws -> Message {
    try bytes.withUnsafeBytes { try PeerCodec.decode($0) }
}

func encoded(_ payload: Payload) -> [UInt8] {
    var bytes: [UInt8] = []
    PayloadCodec.encode(payload, into: &bytes)
    return bytes
}

func decodedPayload(_ bytes: [UInt8]) throws -> Payload {
    try bytes.withUnsafeBytes { try PayloadCodec.decode($0) }
}

/// One line with its end; a reply is by `server1` at 1,700,000,000.25.
func line(_ message: Message) -> [UInt8] {
    var bytes: [UInt8] = []
    ClientCodec.encode(message, sender: "server1", createdAt: 1_700_000_000.25, into: &bytes)
    return bytes
}

/// A second implementation of the checksum, to forge messages: what a healthy checksum
/// guards must not be able to trap the reader either.
func forged(_ content: [UInt8]) -> [UInt8] {
    func step(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let product = (sum ^ word) &* 0xBF58_476D_1CE4_E5B9
        return product ^ product >> 29
    }
    var sum = step(0x53_79_6E_63_4E_65_74_31, UInt64(content.count))
    let padded = content + [UInt8](repeating: 0, count: 8 - content.count % 8)
    for start in stride(from: 0, to: padded.count, by: 8) {
        var word: UInt64 = 0
        for offset in 0..<8 { word |= UInt64(padded[start + offset]) << UInt64(8 * offset) }
        sum = step(sum, word)
    }
    sum ^= sum >> 32
    return content + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) }
}
