import SyncNetProtocol

/// What is wrong with a line.
struct EnvelopeError: Error {
    /// The part that is wrong.
    var part: StaticString
    /// What it has to be.
    var expectation: StaticString

    /// One sentence for people.
    var detail: Text {
        var bytes: [UInt8] = []
        bytes.literal(part)
        bytes.literal(" must be ")
        bytes.literal(expectation)
        return Text(utf8: bytes)
    }
}

/// Reads the parts of one object of an envelope. A key whose value is null is taken for
/// one that is not there, as Python programs write it.
struct EnvelopeReader {
    let document: JSONDocument
    let object: Int

    static let nonEmpty: StaticString = "a string that is not empty"
    static let natural: StaticString = "an integer from 0 to 9223372036854775807"

    init(_ document: JSONDocument, object: Int = JSONDocument.root) {
        self.document = document
        self.object = object
    }

    private func value(_ key: StaticString) -> Int? { document.value(of: key, in: object) }

    func has(_ key: StaticString) -> Bool { value(key) != nil }

    func textIfAny(_ key: StaticString) throws(EnvelopeError) -> Text? {
        guard let value = value(key) else { return nil }
        guard let text = document.text(at: value) else {
            throw EnvelopeError(part: key, expectation: "a string")
        }
        return text
    }

    func text(_ key: StaticString) throws(EnvelopeError) -> Text {
        guard let text = try textIfAny(key) else {
            throw EnvelopeError(part: key, expectation: "a string")
        }
        return text
    }

    func naturalIfAny(_ key: StaticString) throws(EnvelopeError) -> UInt64? {
        guard let value = value(key) else { return nil }
        guard let number = document.integer(at: value), number >= 0 else {
            throw EnvelopeError(part: key, expectation: Self.natural)
        }
        return UInt64(number)
    }

    func natural(_ key: StaticString) throws(EnvelopeError) -> UInt64 {
        guard let number = try naturalIfAny(key) else {
            throw EnvelopeError(part: key, expectation: Self.natural)
        }
        return number
    }

    func indexIfAny(_ key: StaticString) throws(EnvelopeError) -> LogIndex? {
        try naturalIfAny(key).map { LogIndex($0) }
    }

    func index(_ key: StaticString) throws(EnvelopeError) -> LogIndex {
        LogIndex(try natural(key))
    }

    func flagIfAny(_ key: StaticString) throws(EnvelopeError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let flag = document.boolean(at: value) else {
            throw EnvelopeError(part: key, expectation: "true or false")
        }
        return flag
    }

    func flag(_ key: StaticString) throws(EnvelopeError) -> Bool {
        guard let flag = try flagIfAny(key) else {
            throw EnvelopeError(part: key, expectation: "true or false")
        }
        return flag
    }

    func inner(_ key: StaticString) throws(EnvelopeError) -> EnvelopeReader {
        guard let inner = try innerIfAny(key) else {
            throw EnvelopeError(part: key, expectation: "an object")
        }
        return inner
    }

    func innerIfAny(_ key: StaticString) throws(EnvelopeError) -> EnvelopeReader? {
        guard let value = value(key) else { return nil }
        guard document.kind(of: value) == .object else {
            throw EnvelopeError(part: key, expectation: "an object")
        }
        return EnvelopeReader(document, object: value)
    }

    func objects(_ key: StaticString) throws(EnvelopeError) -> [EnvelopeReader] {
        let elements = try elements(key)
        var readers: [EnvelopeReader] = []
        readers.reserveCapacity(elements.count)
        for element in elements {
            guard document.kind(of: element) == .object else {
                throw EnvelopeError(part: key, expectation: "a list of objects")
            }
            readers.append(EnvelopeReader(document, object: element))
        }
        return readers
    }

    func texts(_ key: StaticString) throws(EnvelopeError) -> [Text] {
        var texts: [Text] = []
        for element in try elements(key) {
            guard let text = document.text(at: element) else {
                throw EnvelopeError(part: key, expectation: "a list of strings")
            }
            texts.append(text)
        }
        return texts
    }

    private func elements(_ key: StaticString) throws(EnvelopeError) -> [Int] {
        guard let value = value(key), document.kind(of: value) == .array else {
            throw EnvelopeError(part: key, expectation: "a list")
        }
        return document.children(of: value)
    }
}

// The five keys of every envelope.
extension EnvelopeReader {
    /// A program without a Lamport clock says nothing, and that counts as 0.
    func stamp() throws(EnvelopeError) -> Stamp {
        let key: StaticString = "lamport_timestamp"
        guard let value = value(key) else { return .zero }
        guard let number = document.integer(at: value), number >= 0,
            number <= Limits.stampMax
        else { throw EnvelopeError(part: key, expectation: "an integer from 0 to 2^53") }
        return Stamp(UInt64(number))
    }

    /// None for whatever is no finite number.
    func createdAt() -> Double? {
        guard let value = value("created_at"), let number = document.double(at: value),
            number.isFinite
        else { return nil }
        return number
    }
}
