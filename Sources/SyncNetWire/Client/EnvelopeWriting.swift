import SyncNetProtocol

/// What stands around the data of an envelope.
struct EnvelopeFrame {
    var sender: Text
    var stamp: Stamp
    /// Null where it is none, or not finite.
    var createdAt: Double?
}

extension [UInt8] {
    /// An envelope with all its five keys.
    @inline(__always)
    mutating func envelope(
        _ type: MessageType, _ frame: EnvelopeFrame, data: (inout DataWriter) -> Void
    ) {
        literal("{\"msg_type\":\"")
        literal(type.word)
        literal("\",\"sender_id\":")
        string(frame.sender)
        literal(",\"data\":")
        object(data)
        literal(",\"lamport_timestamp\":")
        natural(frame.stamp.number)
        literal(",\"created_at\":")
        number(frame.createdAt ?? .nan)
        literal("}")
    }

    @inline(__always)
    mutating func object(_ fill: (inout DataWriter) -> Void) {
        literal("{")
        var writer = DataWriter(bytes: self)
        self = []
        fill(&writer)
        self = writer.bytes
        literal("}")
    }
}

/// Writes the members of an object, with the commas between them.
struct DataWriter {
    fileprivate(set) var bytes: [UInt8]
    private var isFirst = true

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func key(_ key: StaticString) {
        bytes.literal(isFirst ? "\"" : ",\"")
        bytes.literal(key)
        bytes.literal("\":")
        isFirst = false
    }

    mutating func text(_ key: StaticString, _ value: Text) {
        self.key(key)
        bytes.string(value)
    }

    mutating func word(_ key: StaticString, _ value: StaticString) {
        self.key(key)
        bytes.literal("\"")
        bytes.literal(value)
        bytes.literal("\"")
    }

    mutating func natural(_ key: StaticString, _ value: UInt64) {
        self.key(key)
        bytes.natural(value)
    }

    mutating func flag(_ key: StaticString, _ value: Bool) {
        self.key(key)
        bytes.flag(value)
    }

    mutating func null(_ key: StaticString) {
        self.key(key)
        bytes.literal("null")
    }

    mutating func object(_ key: StaticString, _ fill: (inout DataWriter) -> Void) {
        self.key(key)
        bytes.object(fill)
    }

    mutating func list<Element>(
        _ key: StaticString, _ elements: [Element], _ write: (inout [UInt8], Element) -> Void
    ) {
        self.key(key)
        bytes.list("[", "]", elements, write)
    }
}
