import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct PeerFramesTests {
    private func feed(_ frames: inout PeerFrames, _ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { frames.feed($0) }
    }

    @Test func `messages come back in order, however their bytes are cut`() throws {
        var generator = Generator(seed: 1)
        for _ in 0..<100 {
            let messages = generator.list(upTo: 12) { $0.peerMessage() }
            var rest: [UInt8] = []
            for message in messages { PeerCodec.appendFrame(message, to: &rest) }
            var frames = PeerFrames(maxBytes: 1 << 20)
            var received: [Message] = []
            while !rest.isEmpty {
                let length = min(rest.count, Int(generator.below(generator.flip() ? 8 : 3_000)))
                feed(&frames, rest.prefix(length))
                rest.removeFirst(length)
                while let message = try frames.next() { received.append(message) }
            }
            #expect(received == messages)
            #expect(frames.pending == 0)
        }
    }

    @Test func `a frame over the limit is refused by its length alone, for ever`() throws {
        var frames = PeerFrames(maxBytes: 1_000)
        feed(&frames, [0xE9, 0x03, 0, 0])
        #expect(throws: WireError.tooLarge) { try frames.next() }
        var frame: [UInt8] = []
        PeerCodec.appendFrame(Message(stamp: .zero, body: .roundOver(.zero)), to: &frame)
        feed(&frames, frame)
        #expect(throws: WireError.tooLarge) { try frames.next() }
        #expect(frames.pending == 0)
    }

    @Test func `a frame of the limit passes`() throws {
        let message = Message(stamp: .zero, body: .roundOver(.zero))
        let length = encoded(message).count
        var frame: [UInt8] = []
        PeerCodec.appendFrame(message, to: &frame)
        #expect(frame.count == 4 + length)
        var exact = PeerFrames(maxBytes: length)
        feed(&exact, frame)
        #expect(try exact.next() == message)
        var small = PeerFrames(maxBytes: length - 1)
        feed(&small, frame)
        #expect(throws: WireError.tooLarge) { try small.next() }
    }

    @Test func `an empty frame is refused`() {
        var frames = PeerFrames(maxBytes: 1_000)
        feed(&frames, [0, 0, 0, 0])
        #expect(throws: WireError.truncated) { try frames.next() }
    }

    @Test func `after a damaged frame nothing is believed`() {
        let message = Message(stamp: Stamp(4), body: .roundOver(Epoch(5)))
        var good: [UInt8] = []
        PeerCodec.appendFrame(message, to: &good)
        var bad = good
        bad[7] ^= 1
        var frames = PeerFrames(maxBytes: 1_000)
        feed(&frames, good + bad + good)
        #expect(throws: Never.self) { try frames.next() == message }
        #expect(throws: WireError.badChecksum) { try frames.next() }
        #expect(throws: WireError.badChecksum) { try frames.next() }
    }

    @Test func `a full append passes with the default limit`() throws {
        let text = Text(utf8: [UInt8](repeating: 0x61, count: 16_384))
        let command = Command(
            sender: "a", request: nil, createdAt: 0, action: .chat(room: "r", text: text))
        let entries = (1...65).map { number in
            Entry(
                index: LogIndex(number), epoch: Epoch(1), stamp: Stamp(number),
                payload: .command(command))
        }
        let append = Append(
            epoch: Epoch(1), leader: NodeID(0), cluster: ClusterID(1), previousIndex: .zero,
            previousEpoch: .zero, entries: entries, commit: .zero, sentAt: .zero,
            isFromLeader: true)
        let message = Message(stamp: Stamp(1), body: .append(append))
        var bytes: [UInt8] = []
        PeerCodec.appendFrame(message, to: &bytes)
        var frames = PeerFrames()
        for start in stride(from: 0, to: bytes.count, by: 1_460) {
            feed(&frames, bytes[start..<min(start + 1_460, bytes.count)])
        }
        #expect(try frames.next() == message)
    }
}
