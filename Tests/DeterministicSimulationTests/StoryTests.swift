import DeterministicSimulation
import StateMachine
import Testing

@Suite struct `A story` {
    private static let sample = """
        story 1
        scenario leader-crash
        seed 12
        set servers 3
        set faults.crash.lasting 300ms-6s
        property durability
        detail "hello" is gone
        hash 4b1d
        end 3.25 s
        choices 8
        node 0 s1
        node 1 s2
        0 s  clock.offset s1 = 17 ns
        0.5 s  workload.action n1024 (act 2) = say
        1.204000001 s  fault.kind (strike 3) = crash
        1.204000001 s  fault.moment (strike 4) = at 1.5 s
        1.31 s  packet.lost s1 s2 (append 17) = yes
        1.31 s  packet.delay s1 s2 (18) #2 = 1.25 ms
        1.31 s  disk.commit s2 #12 = 480.000001 ms
        1.4 s  workload.text n1024 (act 2) #3 = 200

        """

    @Test func `is the same after it was written and read`() throws {
        let story = try Story(text: Array(Self.sample.utf8))
        #expect(String(decoding: story.text, as: UTF8.self) == Self.sample)
        #expect(try Story(text: story.text) == story)
        #expect(story.setting("servers") == "3")
        #expect(story.violation == Violation(property: "durability", detail: "\"hello\" is gone"))
        #expect(story.choices.decisions.count == 8)
    }

    @Test func `is none where choices of it are missing`() throws {
        let lines = Self.sample.split(separator: "\n")
        let half = lines.dropLast(3).joined(separator: "\n")
        let error = #expect(throws: StoryTextError.self) { try Story(text: Array(half.utf8)) }
        #expect(error?.problem == "the story has 8 choices, and 5 of them are here")
        let former = Self.sample.replacing("choices 8\n", with: "")
        #expect(try Story(text: Array(former.utf8)) == Story(text: Array(Self.sample.utf8)))
    }

    @Test(arguments: [
        ("nonsense", 1), ("story 1\nscenario x\nfoo bar", 3), ("story 1\nseed x", 2),
        ("story 1\nscenario x\n1.2 s  a.b = ", 3), ("story 1\nscenario x\n1.2 s  a.b", 3),
        ("story 1\nscenario x\n1.2  a.b = yes", 3),
        ("story 1\nscenario x\n1 s  a.b n1 n2 n3 = 1", 3),
        ("story 1\nscenario x\n1 s  a.b (c x) = 1", 3), ("story 1\nscenario x\n1 s  a.b #1 = 1", 3),
        ("story 1\nscenario x\n1 s  a.b = 1 h", 3), ("story 1\nscenario x\n1 s  a.b = 1 ms 2", 3),
        ("story 1", 1), ("story 1\nscenario x\nset servers", 3),
        ("story 1\nscenario x\nhash zz", 3),
    ])
    func `is refused with the line that is wrong`(text: String, line: Int) {
        let error = #expect(throws: StoryTextError.self) { try Story(text: Array(text.utf8)) }
        #expect(error?.line == line)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `names each strike so that the others keep their names without it`() throws {
        var recording = storm(.recording(seed: 11), for: .seconds(20))
        _ = recording.finish()
        let recorded = recording.recorded
        let all = try #require(recorded)
        func strike(_ number: UInt64, _ list: DecisionList) -> [String] {
            list.decisions.filter { list.label(of: $0) == "strike" && $0.number == number }
                .map { list.text(of: $0) }
        }
        // Only what makes the strikes themselves: the rest follows from them.
        let faults = all.with(all.decisions.filter { all.kind(of: $0).hasPrefix("fault.") })
        let struck = faults.decisions.filter { all.kind(of: $0) == "fault.kind" }.map(\.number)
        #expect(struck.count > 5)
        let first = try #require(struck.first)
        let without = faults.with(
            faults.decisions.filter { all.label(of: $0) != "strike" || $0.number != first })
        var played = storm(.playback(of: without), for: .seconds(20))
        _ = played.finish()
        let used = played.recorded
        let left = try #require(used)
        #expect(strike(first, left).isEmpty)
        for number in struck.dropFirst() {
            #expect(strike(number, left) == strike(number, faults), "strike \(number)")
        }
    }

    @Test func `without a loss keeps the names of all later messages`() throws {
        var found: DecisionList?
        for seed in 0..<UInt64(50) where found == nil {
            let recorded = storm(.recording(seed: seed), for: .seconds(20)).recorded
            let losses = recorded?.decisions.count { recorded?.kind(of: $0) == "packet.lost" }
            if losses ?? 0 > 3 { found = recorded }
        }
        let all = try #require(found)
        let lost = try #require(
            all.decisions.firstIndex { all.kind(of: $0) == "packet.lost" })
        let (node, other) = (all.decisions[lost].node, all.decisions[lost].other)
        var fewer = all
        fewer.decisions.remove(at: lost)
        var played = storm(.playback(of: fewer), for: .seconds(20))
        _ = played.finish()
        let used = played.recorded
        let left = try #require(used)
        func losses(_ list: DecisionList) -> [String] {
            list.decisions.filter {
                list.kind(of: $0) == "packet.lost" && $0.node == node && $0.other == other
            }.prefix(3).map { list.text(of: $0) }
        }
        #expect(losses(left) == losses(fewer))
    }
}
