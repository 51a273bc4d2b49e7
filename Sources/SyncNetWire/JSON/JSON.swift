public import SyncNetProtocol

/// A JSON value (RFC 8259), for whatever has no codec of its own.
public enum JSON: Equatable, Sendable {
    /// No value.
    case null
    /// True or false.
    case boolean(Bool)
    /// A number without fraction and exponent that has 64 bits, exactly.
    case integer(Int64)
    /// Any other number; written as null where it is not finite.
    case number(Double)
    /// A text.
    case string(Text)
    /// Values in order.
    case array([JSON])
    /// Keys with values in order; where a key stands twice, the last one counts.
    case object([Member])

    /// A key with its value.
    public struct Member: Equatable, Sendable {
        /// The key.
        public var key: Text
        /// The value.
        public var value: JSON

        /// Makes a pair.
        public init(_ key: Text, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// Reads a text that is one value, strictly: UTF-8, no half surrogate pairs, no numbers
    /// that a `Double` can't hold, at most 64 levels deep.
    public init(_ bytes: [UInt8]) throws(WireError) {
        self = try Self.value(at: JSONDocument.root, of: JSONDocument(bytes))
    }

    /// The value of a key in an object.
    public subscript(key: Text) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    private static func value(
        at node: Int, of document: JSONDocument
    ) throws(WireError) -> JSON {
        switch document.kind(of: node) {
        case .null: return .null
        case .yes: return .boolean(true)
        case .no: return .boolean(false)
        case .number: return try number(at: node, of: document)
        case .string, .escapedString: return .string(document.text(at: node) ?? "")
        case .array: return try array(at: node, of: document)
        case .object: return try object(at: node, of: document)
        case .notFinite: throw .invalid("JSON value")
        }
    }

    private static func array(
        at node: Int, of document: JSONDocument
    ) throws(WireError) -> JSON {
        var elements: [JSON] = []
        for child in document.children(of: node) {
            elements.append(try value(at: child, of: document))
        }
        return .array(elements)
    }

    private static func object(
        at node: Int, of document: JSONDocument
    ) throws(WireError) -> JSON {
        var members: [Member] = []
        var key: Text?
        for child in document.children(of: node) {
            if let name = key {
                members.append(Member(name, try value(at: child, of: document)))
                key = nil
            } else {
                key = document.text(at: child)
            }
        }
        return .object(members)
    }

    private static func number(
        at node: Int, of document: JSONDocument
    ) throws(WireError) -> JSON {
        if document.isPlainInteger(node), let integer = document.integer(at: node) {
            return .integer(integer)
        }
        guard let number = document.double(at: node), number.isFinite else {
            throw .invalid("JSON number: it is too large")
        }
        return .number(number)
    }

    /// Appends the value as text on one line.
    public func append(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.literal("null")
        case .boolean(let flag): bytes.flag(flag)
        case .integer(let integer): bytes.integer(integer)
        case .number(let number): bytes.number(number)
        case .string(let text): bytes.string(text)
        case .array(let elements):
            bytes.list("[", "]", elements) { $1.append(to: &$0) }
        case .object(let members):
            bytes.list("{", "}", members) {
                $0.string($1.key)
                $0.literal(":")
                $1.value.append(to: &$0)
            }
        }
    }

    /// The value as text on one line.
    public var text: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }
}
