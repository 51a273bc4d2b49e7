import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct PlainReplyTests {
    /// Read in one pass where the line is as servers write it.
    private func quick(_ line: [UInt8]) -> Message? {
        try? line.withUnsafeBytes { bytes throws(WireError) in
            try ClientCodec.decodeReply(bytes)
        }
    }

    /// Read by way of a document.
    private func general(_ line: [UInt8]) -> Message? { try? ClientCodec.decodeReply(line) }

    private func plain(_ generator: inout Generator) -> ClientReply {
        func message() -> RoomMessage {
            let texts: [Text] = [
                "den", "a longer text, and \u{E9}e\u{301}", "", "\u{2028}\"", "1234567",
            ]
            func pick() -> Text { texts[Int(generator.below(5))] }
            return RoomMessage(
                room: pick(), index: LogIndex(generator.below(1 << 60)),
                previous: LogIndex(generator.below(10)), stamp: Stamp(generator.below(1 << 53)),
                sender: pick(), createdAt: Double(generator.below(1 << 51)) / 1_000_000,
                text: pick())
        }
        switch generator.below(3) {
        case 0: return .pushed(message())
        case 1:
            return .done(request: generator.below(1 << 41), room: "den", index: LogIndex(7))
        default:
            let messages = (0..<generator.below(4)).map { _ in message() }
            let page = HistoryPage(
                room: "den", messages: messages, hasMore: messages.count > 1, members: nil)
            return .history(request: generator.below(9), page)
        }
    }

    private func plainLine(_ generator: inout Generator) -> [UInt8] {
        let message = Message(
            stamp: Stamp(generator.below(1 << 53)), body: .reply(plain(&generator)))
        return line(message).dropLast()
    }

    @Test func `the quick way reads what the general way reads`() {
        var generator = Generator(seed: 21)
        for _ in 0..<1_000 {
            let line = plainLine(&generator)
            #expect(general(line) != nil)
            #expect(quick(line) == general(line))
        }
    }

    @Test func `the quick way refuses and takes the same damaged lines`() {
        var generator = Generator(seed: 22)
        let bytes = Array("0123456789\"\\{}[],:.eE+- \u{1}\u{7F}\u{E9}".utf8) + [0xFF, 0xC2]
        for _ in 0..<5_000 {
            var line = plainLine(&generator)
            for _ in 0...generator.below(2) {
                let offset = Int(generator.below(UInt64(line.count)))
                let byte = bytes[Int(generator.below(UInt64(bytes.count)))]
                switch generator.below(3) {
                case 0: line[offset] = byte
                case 1: line.insert(byte, at: offset)
                default: line.remove(at: offset)
                }
            }
            #expect(quick(line) == general(line))
        }
    }
}
