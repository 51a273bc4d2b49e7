import SyncNetProtocol

/// One value of a JSON text: where it stands, and where the next one is.
struct JSONNode {
    enum Kind: UInt8 {
        case null, yes, no, number, notFinite, string, escapedString, array, object
    }

    var kind: Kind
    /// The first byte; of a string, the first within the quotes.
    var start: Int32
    /// The byte after the last; of a string, the closing quote.
    var end: Int32
    /// The node after this one and all within it.
    var next: Int32
}

/// Checks a JSON text (RFC 8259) in one pass and lays its values down in a row, outer
/// before inner, the keys of an object as strings before their values.
///
/// A row instead of a tree, since a request is read once and most of it never: one array
/// is all that is allocated, and strings stay where they are until they are asked for.
struct JSONScanner {
    private static let depthMax = 64

    private let bytes: UnsafeRawBufferPointer
    /// Whether NaN and Infinity count as numbers: Python's json writes them.
    private let allowsNotFinite: Bool
    private var position = 0
    private var depth = 0
    private(set) var nodes: [JSONNode] = []

    init(_ bytes: UnsafeRawBufferPointer, allowsNotFinite: Bool) {
        self.bytes = bytes
        self.allowsNotFinite = allowsNotFinite
        nodes.reserveCapacity(32)
    }

    /// Checks the whole text, which has to be one value.
    mutating func scan() throws(WireError) {
        guard bytes.count < Int32.max else { throw .tooLarge }
        guard UTF8Check.isValid(bytes) else { throw .invalid("UTF-8") }
        skipSpace()
        try value()
        skipSpace()
        guard position == bytes.count else { throw .invalid("JSON: more follows the value") }
    }

    /// The next byte, 0 at the end: no byte of a JSON text outside strings is 0.
    @inline(__always)
    private var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    private mutating func skipSpace() {
        while true {
            switch peek {
            case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position &+= 1
        return true
    }

    private mutating func add(_ kind: JSONNode.Kind, _ start: Int, _ end: Int) {
        nodes.append(
            JSONNode(
                kind: kind, start: Int32(truncatingIfNeeded: start),
                end: Int32(truncatingIfNeeded: end),
                next: Int32(truncatingIfNeeded: nodes.count &+ 1)))
    }

    private mutating func value() throws(WireError) {
        switch peek {
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "N") where allowsNotFinite: try word("NaN", .notFinite)
        case UInt8(ascii: "I") where allowsNotFinite: try word("Infinity", .notFinite)
        default: try number()
        }
    }

    private mutating func word(_ word: StaticString, _ kind: JSONNode.Kind) throws(WireError) {
        let start = position
        let end = start + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw .truncated }
        for offset in start..<end where bytes[offset] != word.utf8Start[offset - start] {
            throw .invalid("JSON value")
        }
        position = end
        add(kind, start, end)
    }

    private mutating func enter() throws(WireError) {
        depth += 1
        guard depth <= Self.depthMax else { throw .tooLarge }
        position &+= 1
        skipSpace()
    }

    private mutating func leave(_ node: Int) {
        depth -= 1
        nodes[node].end = Int32(truncatingIfNeeded: position)
        nodes[node].next = Int32(truncatingIfNeeded: nodes.count)
    }

    private mutating func object() throws(WireError) {
        let node = nodes.count
        add(.object, position, position)
        try enter()
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard peek == UInt8(ascii: "\"") else { throw .invalid("JSON key") }
                try string()
                skipSpace()
                guard take(UInt8(ascii: ":")) else { throw .invalid("JSON object") }
                skipSpace()
                try value()
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw .invalid("JSON object") }
        }
        leave(node)
    }

    private mutating func array() throws(WireError) {
        let node = nodes.count
        add(.array, position, position)
        try enter()
        if !take(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                try value()
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw .invalid("JSON array") }
        }
        leave(node)
    }
}

// Strings and numbers.
extension JSONScanner {
    private mutating func string() throws(WireError) {
        position &+= 1
        let start = position
        var kind = JSONNode.Kind.string
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                add(kind, start, position)
                position &+= 1
                return
            case UInt8(ascii: "\\"):
                kind = .escapedString
                try escape()
            case 0..<0x20: throw .invalid("JSON string: a control character stands in it")
            default: position &+= 1
            }
        }
        throw .truncated
    }

    private mutating func escape() throws(WireError) {
        position &+= 1
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position &+= 1
        case UInt8(ascii: "u"):
            position &+= 1
            try unicodeEscape()
        default: throw .invalid("JSON escape")
        }
    }

    /// Half a surrogate pair is no character, and would not survive as UTF-8.
    private mutating func unicodeEscape() throws(WireError) {
        let unit = try hexUnit()
        guard unit & 0xF800 == 0xD800 else { return }
        guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")),
            try hexUnit() & 0xFC00 == 0xDC00
        else { throw .invalid("JSON escape: half of a surrogate pair") }
    }

    private mutating func hexUnit() throws(WireError) -> UInt32 {
        guard let unit = JSONEscape.unit(in: bytes, at: position) else {
            throw .invalid("JSON escape")
        }
        position &+= 4
        return unit
    }

    private mutating func digits() throws(WireError) {
        let start = position
        while case 0x30...0x39 = peek { position &+= 1 }
        guard position > start else { throw .invalid("JSON value") }
    }

    private mutating func number() throws(WireError) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if allowsNotFinite, peek == UInt8(ascii: "I") { return try word("Infinity", .notFinite) }
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        add(.number, start, position)
    }
}
