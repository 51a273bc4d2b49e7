import StateMachine
import SyncNetProtocol
import Testing

struct ConnectingTests {
    @Test func `it tries the first server as soon as it knows one`() {
        var harness = Harness()
        #expect(harness.effects(of: .started(.client)).isEmpty)
        let effects = harness.effects(of: .input(.servers([NodeID(2), NodeID(0)])))
        #expect(effects == [.open(NodeID(2))])
    }

    @Test func `a refused connection leads to the next server after a pause that grows`() {
        var harness = Harness()
        harness.effects(of: .started(.client))
        harness.effects(of: .input(.servers([NodeID(0), NodeID(1)])))
        var pauses: [ClosedRange<Interval>] = []
        var tried: [NodeID] = [NodeID(0)]
        for _ in 0..<7 {
            let failed = harness.effects(of: .openFailed(tried[tried.count - 1], .refused))
            for case .arm(.reconnectClient, let range) in failed { pauses.append(range) }
            tried += harness.effects(of: .timer(.reconnectClient)).opened
        }
        #expect(tried.map(\.rank) == [0, 1, 0, 1, 0, 1, 0, 1])
        let shortest = pauses.map { $0.lowerBound.nanoseconds / 1_000_000 }
        #expect(shortest == [50, 100, 200, 400, 800, 800, 800])
        #expect(pauses.allSatisfy { $0.upperBound == $0.lowerBound * 2 })
    }

    @Test func `after an answer, a broken connection is replaced without a pause`() {
        var harness = Harness.inRoom()
        let effects = harness.effects(of: .closed(StreamID(1)))
        #expect(effects.outputs == [.disconnected])
        #expect(effects.opened == [NodeID(1)])
    }

    @Test func `a stream that nobody waits for is closed`() {
        var harness = Harness.connected()
        let effects = harness.effects(of: .opened(StreamID(9), to: NodeID(2)))
        #expect(effects == [.close(StreamID(9))])
    }

    @Test func `a server that leaves a request unanswered is given up for the next`() {
        var harness = Harness.inRoom()
        #expect(harness.say("hello", order: 2).numbers == [3])
        harness.wait(.seconds(7))
        #expect(harness.effects(of: .timer(.answer)).opened.isEmpty)
        harness.wait(.milliseconds(500))
        let effects = harness.effects(of: .timer(.answer))
        #expect(effects.contains(.close(StreamID(1))))
        #expect(effects.opened == [NodeID(1)])
    }

    @Test func `a server that is silent in a quiet room is asked for a sign, and given up`() {
        var harness = Harness.inRoom()
        harness.wait(.milliseconds(2_500))
        let asked = harness.effects(of: .timer(.answer))
        #expect(asked.requests.map(\.body) == [.discovery(status: false)])
        #expect(asked.armed == [.answer])
        harness.wait(.milliseconds(7_500))
        #expect(harness.effects(of: .timer(.answer)).opened == [NodeID(1)])
    }

    @Test func `a sign that comes is told to nobody`() {
        var harness = Harness.inRoom()
        harness.wait(.seconds(3))
        let number = harness.effects(of: .timer(.answer)).numbers[0]
        #expect(harness.hear(.servers(request: number, [], nil)).isEmpty)
        harness.wait(.seconds(2))
        #expect(harness.effects(of: .timer(.answer)).requests.isEmpty)
    }

    /// Lets a quiet server give a sign, and returns what follows from it.
    private func sign(
        _ harness: inout Harness, isLed: Bool, on stream: UInt64
    ) -> [Effect<SyncNet>] {
        harness.wait(.seconds(3))
        let numbers = harness.effects(of: .timer(.answer)).numbers
        let addresses = (1...3).map {
            ServerAddress(id: "s", host: "h", port: UInt16($0), isLeader: isLed && $0 == 2)
        }
        return harness.hear(.servers(request: numbers.last ?? nil, addresses, nil), on: stream)
    }

    @Test func `who only listens leaves a server that knows no leader, ever more slowly`() {
        var harness = Harness.inRoom()
        var signs: [Int] = []
        for stream in 1...4 as ClosedRange<UInt64> {
            var opened: [NodeID] = []
            var count = 0
            while opened.isEmpty, count < 100 {
                opened = sign(&harness, isLed: false, on: stream).opened
                count += 1
            }
            signs.append(count)
            #expect(opened == [NodeID(UInt32(stream % 3))])
            harness.effects(of: .opened(StreamID(stream + 1), to: opened[0]))
            harness.hear(.done(request: 2, room: "r", index: LogIndex(10)), on: stream + 1)
        }
        #expect(signs == [3, 6, 12, 24])
        #expect(sign(&harness, isLed: true, on: 5).isEmpty)
        let next = (1...3).map { _ in sign(&harness, isLed: false, on: 5).opened }
        #expect(next == [[], [], [NodeID(2)]], "it began anew")
    }

    @Test func `who only listens stays at a server that knows the leader`() {
        var harness = Harness.inRoom()
        for _ in 0..<100 { #expect(sign(&harness, isLed: true, on: 1).opened.isEmpty) }
    }

    @Test func `a congested stream takes nothing until it is drained`() {
        var harness = Harness.inRoom()
        harness.effects(of: .congested(StreamID(1)))
        #expect(harness.say("one", order: 2).requests.isEmpty)
        #expect(harness.say("two", order: 3).requests.isEmpty)
        #expect(harness.effects(of: .drained(StreamID(1))).numbers == [3, 4])
    }

    @Test func `a first stamp is believed however high, a later leap is not`() {
        var harness = Harness.connected()
        let high = Stamp(1 << 40)
        let reply = Body.reply(.done(request: 9, room: "r", index: .zero))
        let first = harness.effects(
            of: .message(Message(stamp: high, body: reply), on: StreamID(1)))
        #expect(first.isEmpty)
        #expect(harness.say("hello", order: 1).stamps == [Stamp(high.number + 2)])
        let absurd = Message(stamp: Stamp(1 << 50), body: reply)
        let second = harness.effects(of: .message(absurd, on: StreamID(1)))
        #expect(second == [.note(.dropped(.stamp))])
    }

    @Test func `quit closes the connection, and nothing is answered any more`() {
        var harness = Harness.inRoom()
        harness.say("hello", order: 2)
        let effects = harness.effects(of: .input(.quit))
        #expect(effects.first == .close(StreamID(1)))
        #expect(effects.outputs.isEmpty)
        #expect(harness.effects(of: .closed(StreamID(1))).isEmpty)
        #expect(harness.say("more", order: 3).isEmpty)
        #expect(harness.effects(of: .timer(.answer)).isEmpty)
        let late = harness.effects(of: .opened(StreamID(2), to: NodeID(1)))
        #expect(late == [.close(StreamID(2))])
    }
}

extension [Effect<SyncNet>] {
    fileprivate var stamps: [Stamp] {
        compactMap { effect in
            if case .send(let message, _) = effect { message.stamp } else { nil }
        }
    }
}
