import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct PayloadCodecTests {
    @Test func `every payload comes back as it was`() throws {
        var generator = Generator(seed: 1)
        for _ in 0..<2_000 {
            let payload = generator.payload()
            #expect(try decodedPayload(encoded(payload)) == payload)
        }
    }

    @Test func `a payload that ends early is refused, wherever it ends`() {
        var generator = Generator(seed: 2)
        for _ in 0..<50 {
            let bytes = encoded(generator.payload())
            for length in 0..<bytes.count {
                #expect(throws: WireError.truncated) { try decodedPayload(Array(bytes[..<length])) }
            }
        }
    }

    @Test func `any bytes decode to what they say or throw`() {
        var generator = Generator(seed: 3)
        for _ in 0..<50_000 {
            var bytes = encoded(generator.payload())
            let offset = Int(generator.below(UInt64(bytes.count)))
            bytes[offset] ^= 1 << UInt8(generator.below(8))
            guard let payload = try? decodedPayload(bytes) else { continue }
            #expect(encoded(payload) == bytes)
        }
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x28],
            [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x98, 0x28],
            [0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0xFF],
        ] as [[UInt8]])
    func `text that is no UTF-8 is refused`(text: [UInt8]) {
        let payload = Payload.command(
            Command(
                sender: "a", request: nil, createdAt: 0, action: .join(room: Text(utf8: text))))
        #expect(throws: WireError.invalid("UTF-8")) { try decodedPayload(encoded(payload)) }
    }

    @Test func `UTF-8 is told as the standard library tells it`() {
        var generator = Generator(seed: 4)
        for _ in 0..<30_000 {
            var text = generator.text().utf8
            for _ in 0..<generator.below(3) where !text.isEmpty {
                let offset = Int(generator.below(UInt64(text.count)))
                text[offset] = UInt8(truncatingIfNeeded: generator.next())
            }
            let payload = Payload.command(
                Command(
                    sender: Text(utf8: text), request: nil, createdAt: 0,
                    action: .join(room: "")))
            let isValid = String(validating: text, as: UTF8.self) != nil
            #expect(((try? decodedPayload(encoded(payload))) != nil) == isValid)
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func `a time that is no finite number is refused`(time: Double) {
        let payload = Payload.command(
            Command(sender: "a", request: nil, createdAt: time, action: .join(room: "r")))
        #expect(throws: WireError.invalid("finite number")) {
            try decodedPayload(encoded(payload))
        }
    }

    @Test func `what is stored keeps its form`() {
        #expect(encoded(.epochStarted(by: NodeID(300))) == [1, 0xAC, 0x02])
        let disk = DiskID(0x0102_0304_0506_0708)
        #expect(encoded(.diskAdmitted(NodeID(1), disk)) == [2, 1, 8, 7, 6, 5, 4, 3, 2, 1])
        let request = SessionRequest(session: "s", number: 3)
        let chat = Command(
            sender: "al", request: request, createdAt: 2, action: .chat(room: "r", text: "hi"))
        #expect(
            encoded(.command(chat)) == [8, 1, 0x73, 3, 2, 0x61, 0x6C, 0, 0, 0, 0, 0, 0, 0, 0x40]
                + [1, 0x72, 2, 0x68, 0x69])
    }
}
