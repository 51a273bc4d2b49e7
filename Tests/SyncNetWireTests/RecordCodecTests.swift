import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

/// What a server is told and asks for, written into its record and read back.
struct RecordCodecTests {
    /// What comes back of an event and its effects.
    private func recorded(
        _ event: Event<SyncNet>,
        at now: ClockReading = .init(
            monotonic: Instant(nanoseconds: 7), wall: WallTime(microseconds: 8)),
        leadingTo effects: [Effect<SyncNet>] = []
    ) throws -> RecordedStep? {
        let bytes = SampleRecord.bytes(full: true, [(now, event, effects)])
        return SampleRecord.steps(of: try SampleRecord.items(of: bytes)).first
    }

    private func comesBack(_ event: Event<SyncNet>) throws -> Bool {
        try recorded(event)?.event == event
    }

    private func comesBack(_ effect: Effect<SyncNet>) throws -> Bool {
        try recorded(.input(.quit), leadingTo: [effect])?.consequence == .effects([effect])
    }

    @Test(arguments: 0..<Generator.eventKinds)
    func `every kind of event comes back as it was`(kind: UInt64) throws {
        var generator = Generator(seed: kind)
        for _ in 0..<100 { #expect(try comesBack(generator.event(kind: kind))) }
    }

    @Test(arguments: 0..<Generator.effectKinds)
    func `every kind of effect comes back as it was`(kind: UInt64) throws {
        var generator = Generator(seed: 100 + kind)
        for _ in 0..<100 { #expect(try comesBack(generator.effect(kind: kind))) }
    }

    @Test func `every message between servers and with clients comes back as it was`() throws {
        var generator = Generator(seed: 1)
        for _ in 0..<40 {
            for kind in 0..<Generator.peerKinds {
                let body = generator.peerBody(kind: kind)
                let message = Message(stamp: generator.stamp(), body: body)
                #expect(try comesBack(.message(message, on: StreamID(1))))
            }
            for kind in 0..<Generator.requestKinds {
                let message = generator.recordedRequest(kind: kind)
                #expect(try comesBack(.message(message, on: StreamID(1))))
            }
            for kind in 0..<Generator.replyKinds {
                let message = generator.recordedReply(kind: kind)
                #expect(try comesBack(.send(message, on: StreamID(1))))
            }
        }
    }

    @Test func `a heartbeat of the former version, which says less, comes back as it was`() throws {
        var generator = Generator(seed: 2)
        var beat = generator.heartbeat()
        beat.isRecovering = nil
        let answer = HeartbeatAnswer(
            heartbeat: beat, echoedBoot: Boot(1), echoedRound: .zero, echo: .zero)
        for body in [Body.heartbeat(beat), .heartbeatAnswer(answer)] {
            #expect(try comesBack(.datagram(Message(stamp: .zero, body: body), from: NodeID(2))))
        }
    }

    @Test func `every name, answer, write, query, output and fact comes back as it was`() throws {
        var generator = Generator(seed: 3)
        for kind in 0..<Generator.timerKinds {
            #expect(try comesBack(.timer(generator.timer(kind: kind))))
        }
        for kind in 0..<Generator.inputKinds {
            #expect(try comesBack(.input(generator.input(kind: kind))))
        }
        for kind in 0..<Generator.answerKinds {
            #expect(try comesBack(.fetched(generator.answer(kind: kind), Ticket(1))))
        }
        for kind in 0..<Generator.writeKinds {
            #expect(try comesBack(.write(generator.write(kind: kind), Ticket(1))))
        }
        for kind in 0..<Generator.queryKinds {
            #expect(try comesBack(.fetch(generator.query(kind: kind), Ticket(1))))
        }
        for kind in 0..<Generator.outputKinds {
            #expect(try comesBack(.output(generator.output(kind: kind))))
        }
        for kind in 0..<Generator.reportKinds {
            #expect(try comesBack(.output(.report(generator.report(kind: kind)))))
        }
        for kind in 0..<Generator.markKinds {
            #expect(try comesBack(.note(generator.mark(kind: kind))))
        }
        for point in Sometimes.allCases { #expect(try comesBack(.note(.sometimes(point)))) }
    }

    @Test func `clocks come back as they were, also where they step`() throws {
        var generator = Generator(seed: 4)
        let times = (0..<200).map { _ in generator.reading() }
        let bytes = SampleRecord.bytes(full: false, times.map { ($0, .input(.quit), []) })
        #expect(SampleRecord.steps(of: try SampleRecord.items(of: bytes)).map(\.now) == times)
    }

    @Test func `a digest tells any effect from another one, and where the first differs`() throws {
        var generator = Generator(seed: 5)
        for kind in 0..<Generator.effectKinds - 1 {
            let effects = (0..<5).map { _ in generator.effect(kind: kind) }
            let place = Int(generator.below(5))
            var others = effects
            while others == effects { others[place] = generator.effect(kind: kind) }
            let (one, other) = (EffectsDigest(effects), EffectsDigest(others))
            #expect(one != other)
            #expect(one == EffectsDigest(effects))
            #expect((one.firstDifference(from: other) ?? place) >= place)
        }
        let all = (0..<5).map { _ in generator.effect(kind: 10) }
        #expect(EffectsDigest(all).firstDifference(from: EffectsDigest(Array(all.dropLast()))) == 4)
    }

    @Test func `all settings of a server stand in its record`() throws {
        var configuration = SampleRecord.configuration
        configuration.timing = .wan
        configuration.limits.loginTries = 9
        configuration.limits.textBytes = 99
        configuration.limits.stampBlock = 999
        configuration.accounts = .required
        configuration.formsNewCluster = true
        configuration.operatorToken = "open sesame"
        let bytes = SampleRecord.bytes(full: false, configuration: configuration, [])
        guard case .header(let header)? = try SampleRecord.items(of: bytes).first else {
            Issue.record("no header")
            return
        }
        #expect(header.configuration == configuration)
        #expect(header.server == "server1")
        // Whoever adds a setting has to record it, too.
        #expect(Mirror(reflecting: Limits()).children.count == 22)
        #expect(Mirror(reflecting: Timing()).children.count == 13)
        #expect(Mirror(reflecting: configuration).children.count == 8)
    }
}
