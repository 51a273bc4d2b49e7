import DeterministicSimulation
import StateMachine
import Testing

/// A server that has to hear each number once, in two versions of its code. The newer one sends
/// another sort of message and has another timer; neither has to do with the bug.
private enum Bell: Vocabulary {
    enum Message: Equatable, Sendable { case ring(UInt8), chatter(UInt8) }
    enum Timer: Equatable, Sendable { case ring, chatter }
    typealias Input = UInt8
    typealias Output = UInt8
    typealias Write = Never
    typealias Query = Never
    typealias Answer = Never
    typealias Recovery = Bool
    typealias Mark = Never
}

private struct Ringer: StateMachine {
    typealias Words = Bell
    let me: NodeID
    let isNewer: Bool
    var next: UInt8 = 0

    mutating func handle(
        _ event: Event<Bell>, now: ClockReading, into effects: inout Effects<Bell>
    ) {
        switch event {
        case .started where me == NodeID(0):
            if isNewer { arm(.chatter, &effects) }
            arm(.ring, &effects)
        case .timer(let timer):
            let message: Bell.Message = timer == .ring ? .ring(next) : .chatter(next)
            // The newer one chatters before it rings, too.
            if isNewer { effects.append(.datagram(.chatter(next), to: NodeID(1))) }
            effects.append(.datagram(message, to: NodeID(1)))
            if timer == .ring { next += 1 }
            arm(timer, &effects)
        case .datagram(.ring(let number), _): effects.append(.output(number))
        default: break
        }
    }

    private func arm(_ timer: Bell.Timer, _ effects: inout Effects<Bell>) {
        effects.append(.arm(timer, within: .milliseconds(10)...(.milliseconds(90))))
    }
}

private struct BellCodec: SimulatedCodec {
    typealias Words = Bell

    func label(of message: Bell.Message) -> StaticString {
        switch message {
        case .ring: "ring"
        case .chatter: "chatter"
        }
    }

    func subject(of timer: Bell.Timer) -> DecisionSubject {
        switch timer {
        case .ring: DecisionSubject("ring")
        case .chatter: DecisionSubject("chatter")
        }
    }

    func encodeDatagram(_ message: Bell.Message, _ route: Route, into bytes: inout [UInt8]) {
        switch message {
        case .ring(let number): bytes += [0, number]
        case .chatter(let number): bytes += [1, number]
        }
    }

    func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Bell.Message? {
        bytes[0] == 0 ? .ring(bytes[1]) : .chatter(bytes[1])
    }

    func encodeFrame(_ message: Bell.Message, _ route: Route, into bytes: inout [UInt8]) {}
    func makeDecoder(_ route: Route) -> NoStreams<Bell.Message> { NoStreams() }
}

private struct BellSystem: SimulatedSystem {
    typealias Machine = Ringer
    typealias Codec = BellCodec
    typealias NodeJournal = ListJournal<Bell>

    let isNewer: Bool
    var expected: UInt8 = 0

    mutating func begin(in world: inout SimulatedWorld<BellSystem>) {
        for rank in 0..<UInt32(2) {
            world.add(NodeID(rank), .member, journal: ListJournal())
            world.start(NodeID(rank))
        }
    }

    mutating func start(
        _ node: NodeID, boot: Int, journal: inout ListJournal<Bell>, decisions: inout Decisions
    ) throws(JournalFailure) -> Started<Ringer> {
        Started(Ringer(me: node, isNewer: isNewer), recovery: true)
    }

    mutating func output(
        _ output: UInt8, by node: NodeID, in world: inout SimulatedWorld<BellSystem>
    ) {
        if output > expected {
            world.violated("every ring is heard", "\(output) came instead of \(expected)")
        }
        expected = max(expected, output + 1)
    }
}

@Suite struct `A stored story` {
    private func ring(
        isNewer: Bool, _ decisions: consuming Decisions
    ) -> (report: RunReport, used: DecisionList?) {
        var options = SimulationOptions()
        options.link.lossPerMillion = 20_000
        var run = Simulation(
            BellSystem(isNewer: isNewer), codec: BellCodec(), checker: NoChecker<Ringer>(),
            options: options, decisions: decisions)
        run.run(for: .seconds(2))
        return (run.finish(), run.recorded)
    }

    /// The first seed that fails, without all that has no part in it.
    private func shrunk() throws -> Story {
        let seed = try #require(
            (0..<UInt64(100)).first {
                ring(isNewer: false, .seeded($0)).report.violation != nil
            })
        func run(_ story: Story) -> Story? {
            let result = ring(isNewer: false, .playback(of: story.choices))
            guard result.report.violation?.property == "every ring is heard" else { return nil }
            var told = story
            told.choices = result.used ?? DecisionList()
            told.violation = result.report.violation
            return told
        }
        var story = Story(scenario: "bell", seed: seed)
        story.choices = ring(isNewer: false, .recording(seed: seed)).used ?? DecisionList()
        var shrinker = StoryShrinker(run: { story, _ in run(story) })
        let small = shrinker.shrink(story)
        #expect(small.isMinimal)
        return small.story
    }

    @Test func `is one line, where one loss is all`() throws {
        let story = try shrunk()
        let lines = story.choices.decisions.map { story.choices.text(of: $0) }
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("packet.lost n0 n1 (ring ") == true)
    }

    @Test func `still leads to its failure beside a new message and a new timer`() throws {
        let story = try shrunk()
        let newer = ring(isNewer: true, .playback(of: story.choices))
        #expect(newer.report.violation == story.violation)
        #expect(newer.used?.decisions.count == 1)
    }

    @Test func `says what it has that the run never asked for`() throws {
        var story = try shrunk()
        let text = String(decoding: story.text, as: UTF8.self)
            .replacing("(ring ", with: "(gong ")
        story = try Story(text: Array(text.utf8))
        let report = ring(isNewer: false, .playback(of: story.choices)).report
        #expect(report.violation == nil)
        #expect(report.divergence?.reason == .neverAsked)
        #expect(report.divergence?.description.contains("(gong ") == true)
    }
}
