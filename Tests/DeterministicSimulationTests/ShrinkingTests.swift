import DeterministicSimulation
import StateMachine
import Testing

@Suite struct `Delta debugging` {
    @Test(arguments: [[], [0], [999], [3, 500, 501], [0, 1, 2, 997, 998, 999]])
    func `finds the causes among a thousand`(causes: [Int]) {
        var delta = DeltaDebugging()
        let found = delta.minimize(Array(0..<1_000)) { left in
            causes.allSatisfy(left.contains) ? left : nil
        }
        #expect(found == causes)
        #expect(!delta.isCutShort)
        #expect(delta.tries < 60 * (causes.count + 1))
    }

    @Test func `leaves nothing that could be left out, where causes depend on each other`() {
        // Fails with an even number of the first ten, at least four, and with 40.
        func fails(_ left: [Int]) -> Bool {
            let small = left.count { $0 < 10 }
            return left.contains(40) && small >= 4 && small % 2 == 0
        }
        var delta = DeltaDebugging()
        let found = delta.minimize(Array(0..<64)) { fails($0) ? $0 : nil }
        #expect(fails(found))
        for place in found.indices {
            var fewer = found
            fewer.remove(at: place)
            #expect(!fails(fewer))
        }
    }

    @Test func `takes the word of an effect that knows what mattered`() {
        var delta = DeltaDebugging()
        let found = delta.minimize(Array(0..<1_000)) { left in
            left.contains(7) ? left.filter { $0 < 10 } : nil
        }
        #expect(found == [7])
        #expect(delta.tries < 20)
    }

    @Test func `leaves whole groups out`() {
        var delta = DeltaDebugging()
        var tried: [[Int]] = []
        let found = delta.minimize(Array(0..<100), by: { $0 % 10 }) { left in
            tried.append(left)
            return left.contains(42) && left.contains(17) ? left : nil
        }
        #expect(found == (0..<100).filter { $0 % 10 == 2 || $0 % 10 == 7 })
        #expect(tried.allSatisfy { $0.count % 10 == 0 && $0 == $0.sorted() })
    }

    @Test func `comes to an end, though an effect gives back what was left out`() {
        var asked = 0
        var delta = DeltaDebugging {
            asked += 1
            return asked > 1_000
        }
        let found = delta.minimize(Array(0..<10)) { _ in Array(0..<10) }
        #expect(found == Array(0..<10))
        #expect(!delta.isCutShort)
    }

    @Test func `stops when it is told to, with a part that has the effect`() {
        var left = 5
        var delta = DeltaDebugging {
            left -= 1
            return left < 0
        }
        let found = delta.minimize(Array(0..<1_000)) { $0.contains(7) ? $0 : nil }
        #expect(delta.isCutShort)
        #expect(delta.tries == 5)
        #expect(found.contains(7) && found.count < 1_000)
    }
}

@Suite struct `A story that is made small` {
    private func story(_ lines: [String]) throws -> Story {
        let head = ["story 1", "scenario x", "set nodes 7", "set color red"]
        return try Story(text: Array((head + lines).joined(separator: "\n").utf8))
    }

    /// Fails with strike 3 and a late message, with three nodes or more.
    private func fails(_ story: Story) -> Story? {
        let lines = story.choices.decisions.map { story.choices.text(of: $0) }
        guard lines.contains("fault.kind (strike 3) = crash"),
            lines.contains(where: { $0.hasPrefix("packet.delay n1 n2 (append 5)") }),
            story.setting("nodes").flatMap({ Int($0) }) ?? 0 >= 3
        else { return nil }
        return story
    }

    private func smaller(_ story: Story) -> [[Story]] {
        let now = story.setting("nodes").flatMap { Int($0) } ?? 0
        let fewer = (1..<max(now, 1)).map { nodes in
            var fewer = story
            fewer.settings = story.settings.map {
                $0.key == "nodes" ? StorySetting("nodes", "\(nodes)") : $0
            }
            return fewer
        }
        return [fewer]
    }

    @Test func `has only what the failure needs, in round numbers`() throws {
        var lines: [String] = []
        for number in 1...50 {
            lines.append("\(number) s  fault.moment (strike \(number)) = at \(number).123 s")
            lines.append("\(number) s  fault.kind (strike \(number)) = crash")
            lines.append("\(number) s  packet.delay n1 n2 (append \(number)) = 12.345678 ms")
            lines.append("\(number) s  timer.moment n3 (heartbeat) #\(number + 1) = 5 ms")
        }
        var shrinker = StoryShrinker(run: { story, _ in fails(story) }, smaller: smaller)
        let result = shrinker.shrink(try story(lines))
        #expect(result.isMinimal)
        #expect(
            result.story.choices.decisions.map { result.story.choices.text(of: $0) } == [
                "fault.kind (strike 3) = crash", "packet.delay n1 n2 (append 5) = 10 ms",
            ])
        #expect(result.story.settings == [StorySetting("nodes", "3")])
        #expect(shrinker.runs < 200)
    }

    /// Fails with strike 9, but not with only one of the strikes 2 and 3.
    private func coupled(_ story: Story, _ patience: StoryShrinker.Patience) -> Story? {
        let lines = story.choices.decisions.map { story.choices.text(of: $0) }
        let has = { (number: Int) in lines.contains("fault.kind (strike \(number)) = crash") }
        let isEarly = has(9) && has(8) && has(2) == has(3)
        // Without the eighth strike it comes later: who is in a hurry does not see it.
        let isLate = has(9) && has(2) == has(3) && patience == .endless
        return isEarly || isLate ? story : nil
    }

    @Test func `has none that only makes up for another, and none that only hurries`() throws {
        let lines = (1...9).map { "\($0) s  fault.kind (strike \($0)) = crash" }
        var shrinker = StoryShrinker(run: coupled)
        let result = shrinker.shrink(try story(lines))
        #expect(result.isMinimal)
        #expect(
            result.story.choices.decisions.map { result.story.choices.text(of: $0) } == [
                "fault.kind (strike 9) = crash"
            ])
    }

    @Test func `is at its end where runs put settings back, and take other names`() throws {
        var asked = 0
        func isOver() -> Bool {
            asked += 1
            return asked > 10_000
        }
        var shrinker = StoryShrinker(
            run: { story, _ in
                guard story.choices.decisions.contains(where: { $0.number == 3 }) else {
                    return nil
                }
                var told = story
                told.settings.removeAll { $0.key == "first-name" }
                told.settings.append(StorySetting("first-name", "0"))
                told.choices.names += ["other"]
                told.hash &+= 1
                return told
            }, isOver: { isOver() })
        let lines = (1...5).map { "\($0) s  fault.kind (strike \($0)) = crash" }
        let result = shrinker.shrink(try story(["set first-name 0"] + lines))
        #expect(result.isMinimal)
        #expect(result.story.choices.decisions.map(\.number) == [3])
        #expect(result.story.settings == [StorySetting("first-name", "0")])
        #expect(shrinker.runs < 100)
    }

    @Test func `is not tried twice in vain`() throws {
        var tried: [[UInt64]] = []
        var shrinker = StoryShrinker(
            run: { story, patience in
                let numbers = story.choices.decisions.map(\.number)
                guard patience == .short, story.settings.count == 2 else { return nil }
                guard numbers.contains(3), numbers.contains(4) else {
                    tried.append(numbers)
                    return nil
                }
                return story
            })
        let lines = (1...9).map { "\($0) s  fault.kind (strike \($0)) = crash" }
        let result = shrinker.shrink(try story(lines))
        #expect(result.story.choices.decisions.map(\.number) == [3, 4])
        for numbers in tried { #expect(tried.count { $0 == numbers } == 1) }
    }
}
