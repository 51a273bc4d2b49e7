import SyncNetProtocol

/// Reads the replies that clients get most - pushes, acknowledgements and pages - where they
/// stand exactly as ``ClientCodec`` writes them, in one pass and without a document.
///
/// Whatever stands otherwise, be it JSON or not, is left to the general way, which knows all
/// that JSON allows and what to say about the rest.
struct PlainReply {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The reply in a line without its end, nil where the general way has to look.
    static func message(_ bytes: UnsafeRawBufferPointer) -> Message? {
        var line = PlainReply(bytes)
        guard let message = line.message(), line.position == bytes.count else { return nil }
        return message
    }

    private mutating func message() -> Message? {
        guard take("{\"msg_type\":\"ack\"") else {
            guard let pushed = chat() else { return nil }
            return Message(stamp: pushed.stamp, body: .reply(.pushed(pushed)))
        }
        guard take(",\"sender_id\":\""), skipText(), take(",\"data\":{\"request\":"),
            let request = natural(), take(",\"room\":\""), let room = text(), take(",\"")
        else { return nil }
        let reply: ClientReply
        if take("index\":") {
            guard let index = natural() else { return nil }
            reply = .done(request: request, room: room, index: LogIndex(index))
        } else {
            guard take("messages\":["), let page = page(of: room) else { return nil }
            reply = .history(request: request, page)
        }
        guard take("},\"lamport_timestamp\":"), let stamp = stamp(), take(",\"created_at\":"),
            decimal() != nil, take("}")
        else { return nil }
        return Message(stamp: stamp, body: .reply(reply))
    }

    private mutating func page(of room: Text) -> HistoryPage? {
        var messages: [RoomMessage] = []
        if !take("]") {
            repeat {
                guard let message = chat() else { return nil }
                messages.append(message)
            } while take(",")
            guard take("]") else { return nil }
        }
        let hasMore = take(",\"more\":true")
        guard hasMore || take(",\"more\":false") else { return nil }
        return HistoryPage(room: room, messages: messages, hasMore: hasMore, members: nil)
    }

    private mutating func chat() -> RoomMessage? {
        guard take("{\"msg_type\":\"chat\",\"sender_id\":\""), let sender = text(),
            take(",\"data\":{\"room\":\""), let room = text(), take(",\"text\":\""),
            let text = text(), take(",\"index\":"), let index = natural(),
            take(",\"previous\":"), let previous = natural(),
            take("},\"lamport_timestamp\":"), let stamp = stamp(), take(",\"created_at\":"),
            let createdAt = decimal(), take("}")
        else { return nil }
        return RoomMessage(
            room: room, index: LogIndex(index), previous: LogIndex(previous), stamp: stamp,
            sender: sender, createdAt: createdAt, text: text)
    }

    @inline(__always)
    private mutating func take(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard bytes.count &- position >= count else { return false }
        let wanted = UnsafeRawBufferPointer(start: expected.utf8Start, count: count)
        var offset = 0
        while offset &+ 8 <= count {
            let word = bytes.loadUnaligned(
                fromByteOffset: position &+ offset, as: UInt64.self)
            guard word == wanted.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
                return false
            }
            offset &+= 8
        }
        while offset < count {
            guard bytes[position &+ offset] == wanted[offset] else { return false }
            offset &+= 1
        }
        position &+= count
        return true
    }

    private mutating func text() -> Text? { string().map { Text(utf8: [UInt8]($0)) } }

    private mutating func skipText() -> Bool { string() != nil }

    /// The rest of a string without escapes, and its closing quote.
    private mutating func string() -> UnsafeRawBufferPointer? {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                position &+= 1
                return UTF8Check.isValid(slice) ? slice : nil
            case UInt8(ascii: "\\"), 0..<0x20: return nil
            default: position &+= 1
            }
        }
        return nil
    }

    /// Digits as one number, so few that nothing overflows.
    @inline(__always)
    private mutating func digits(_ value: inout UInt64, most: Int) -> Int? {
        let start = position
        while position < bytes.count, case let digit = bytes[position] &- 0x30, digit < 10 {
            value = value &* 10 &+ UInt64(digit)
            position &+= 1
            guard position &- start <= most else { return nil }
        }
        return position &- start
    }

    private mutating func natural() -> UInt64? {
        let start = position
        var value: UInt64 = 0
        guard let count = digits(&value, most: 18), count > 0 else { return nil }
        return count > 1 && bytes[start] == 0x30 ? nil : value
    }

    private mutating func stamp() -> Stamp? {
        guard let number = natural(), number <= Limits.stampMax else { return nil }
        return Stamp(number)
    }

    /// A number with a fraction, but no exponent.
    private mutating func decimal() -> Double? {
        let start = position
        var value: UInt64 = 0
        guard let whole = digits(&value, most: 12), whole > 0, take("."),
            let fraction = digits(&value, most: 6), fraction > 0
        else { return nil }
        if whole > 1, bytes[start] == 0x30 { return nil }
        return JSONNumber.double(value, fractionDigits: fraction)
    }
}
