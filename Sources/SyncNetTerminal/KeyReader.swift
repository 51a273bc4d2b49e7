/// Reads keys from the bytes that a terminal in raw mode sends, however they are cut.
///
/// What it does not know, it drops: a key without meaning here must not end up in a message.
public struct KeyReader: Sendable {
    /// More than this of one paste is dropped.
    public static let pasteBytesMax = 1 << 16
    /// A longer sequence is nonsense, and is dropped.
    static let sequenceBytesMax = 32

    private enum Mode {
        case ground
        case scalar
        case escape
        case sequence
        case function
        case paste
    }

    private static let pasteEnd = Array("\u{1B}[201~".utf8)
    private var mode = Mode.ground
    private var held: [UInt8] = []
    private var missing = 0

    /// Makes a reader.
    public init() {}

    /// Takes bytes, and answers the keys that are complete by now.
    public mutating func feed(_ bytes: [UInt8]) -> [Key] { bytes.flatMap { take($0) } }

    private mutating func take(_ byte: UInt8) -> [Key] {
        switch mode {
        case .ground: ground(byte)
        case .scalar: scalar(byte)
        case .escape: escape(byte)
        case .sequence: sequence(byte)
        case .function: function(byte)
        case .paste: paste(byte)
        }
    }

    private mutating func begin(_ mode: Mode, with bytes: [UInt8] = []) -> [Key] {
        self.mode = mode
        held = bytes
        return []
    }

    private mutating func finish(_ keys: Key?...) -> [Key] {
        mode = .ground
        held = []
        return keys.compactMap { $0 }
    }

    private mutating func ground(_ byte: UInt8) -> [Key] {
        switch byte {
        case 0x1B: return begin(.escape)
        case ..<0x20, 0x7F: return Self.control(byte).map { [$0] } ?? []
        case 0x20..<0x7F: return [.typed(Unicode.Scalar(byte))]
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF: missing = 2
        case 0xF0...0xF4: missing = 3
        default: return [.typed("\u{FFFD}")]
        }
        return begin(.scalar, with: [byte])
    }

    private mutating func scalar(_ byte: UInt8) -> [Key] {
        guard byte & 0xC0 == 0x80 else { return finish(.typed("\u{FFFD}")) + ground(byte) }
        held.append(byte)
        missing -= 1
        guard missing == 0 else { return [] }
        let text = String(decoding: held, as: UTF8.self)
        return finish(text.unicodeScalars.first.map(Key.typed))
    }

    private static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x01: .home
        case 0x02: .left
        case 0x03: .interrupt
        case 0x04: .endOfInput
        case 0x05: .end
        case 0x06: .right
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0A, 0x0D: .enter
        case 0x0B: .cutToEnd
        case 0x0C: .clearScreen
        case 0x0E: .down
        case 0x10: .up
        case 0x15: .cutToStart
        case 0x17: .cutWord
        case 0x19: .putBack
        case 0x1A: .suspend
        default: nil
        }
    }
}

// Keys that are several bytes.
extension KeyReader {
    private mutating func escape(_ byte: UInt8) -> [Key] {
        switch byte {
        case UInt8(ascii: "["): begin(.sequence)
        case UInt8(ascii: "O"): begin(.function)
        case UInt8(ascii: "b"): finish(.wordLeft)
        case UInt8(ascii: "f"): finish(.wordRight)
        case 0x7F, 0x08: finish(.cutWord)
        case 0x1B: []
        default: finish() + (byte < 0x20 ? ground(byte) : [])
        }
    }

    private mutating func function(_ byte: UInt8) -> [Key] { finish(Self.cursor(byte)) }

    private mutating func sequence(_ byte: UInt8) -> [Key] {
        guard (0x20...0x7E).contains(byte), held.count < Self.sequenceBytesMax else {
            return finish()
        }
        guard (0x40...0x7E).contains(byte) else {
            held.append(byte)
            return []
        }
        let parameters = String(decoding: held, as: UTF8.self)
        if byte == UInt8(ascii: "~") {
            return parameters == "200" ? begin(.paste) : finish(Self.numbered(parameters))
        }
        let isModified = parameters.contains(";")
        switch (byte, isModified) {
        case (UInt8(ascii: "C"), true): return finish(.wordRight)
        case (UInt8(ascii: "D"), true): return finish(.wordLeft)
        default: return finish(Self.cursor(byte))
        }
    }

    private static func cursor(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        default: nil
        }
    }

    private static func numbered(_ parameters: String) -> Key? {
        switch parameters {
        case "1", "7": .home
        case "4", "8": .end
        case "3": .delete
        default: nil
        }
    }

    private mutating func paste(_ byte: UInt8) -> [Key] {
        // The end is looked for in what is kept, so that it is found in a paste of any length.
        if held.count >= Self.pasteBytesMax + Self.pasteEnd.count {
            held.remove(at: Self.pasteBytesMax)
        }
        held.append(byte)
        guard byte == Self.pasteEnd.last, held.suffix(Self.pasteEnd.count) == Self.pasteEnd[...]
        else { return [] }
        let kept = held.dropLast(Self.pasteEnd.count)
        return finish(.pasted(String(decoding: kept, as: UTF8.self)))
    }
}
