import StateMachine
import SyncNetProtocol
import Testing

/// A client against the model of a cluster, over streams that break, hang and lose, with
/// servers that refuse, forget and leave out: whatever happens, then a time without faults.
struct ExactlyOnceTests {
    private struct Run {
        var said: [(order: UInt64, text: Text)] = []
        var outputs: [NodeOutput] = []
        var own: [Text] = []
        var shown: [(room: Text, indexes: [UInt64])] = []
        var expected: [(room: Text, indexes: [UInt64])] = []
    }

    private func run(seed: UInt64, bugs: PlantedBugs = [], forgets: Bool = false) -> Run {
        var world = ModelWorld(seed: seed, bugs: bugs, forgets: forgets)
        var run = Run()
        var generator = Generator(seed: seed ^ 0xA11CE)
        world.order(.join(order: 1, room: "a", after: .zero))
        world.order(.join(order: 2, room: "b", after: nil))
        for _ in 0..<1_500 {
            world.step()
            guard generator.chance(1, in: 15) else { continue }
            let order = UInt64(run.said.count + 3)
            let text = Text(String(order))
            run.said.append((order, text))
            world.order(
                .say(order: order, room: generator.chance(1, in: 2) ? "a" : "b", text: text))
        }
        world.heal()
        for _ in 0..<4_000 { world.step() }
        world.cluster.chatter("a")
        world.cluster.chatter("b")
        for _ in 0..<2_000 { world.step() }
        run.outputs = world.outputs
        run.own = world.cluster.log.compactMap { $0 }.filter { $0.sender == "ann" }.map(\.text)
        for room: Text in ["a", "b"] {
            let start = room == "a" ? .zero : world.cluster.joins.first { $0.room == room }?.index
            let all = world.cluster.messages(
                of: room, after: start ?? .zero, through: world.cluster.last)
            run.expected.append((room, all.map(\.index.number)))
            let shown = world.outputs.compactMap { output in
                if case .message(let message) = output, message.room == room {
                    message.index.number
                } else {
                    UInt64?.none
                }
            }
            run.shown.append((room, shown))
        }
        return run
    }

    @Test func `every order is done once and in order, every message shown once and in order`() {
        for seed in UInt64(0)..<150 {
            let run = run(seed: seed)
            let done = run.outputs.compactMap { output in
                if case .done(let order, _) = output { order } else { UInt64?.none }
            }
            #expect(done.sorted() == [1, 2] + run.said.map(\.order), "seed \(seed)")
            #expect(run.own == run.said.map(\.text), "seed \(seed)")
            for (shown, expected) in zip(run.shown, run.expected) {
                #expect(shown.indexes == expected.indexes, "seed \(seed), room \(shown.room)")
            }
        }
    }

    @Test func `where servers forget sessions, nothing is doubled and what was done is there`() {
        var unknown = 0
        for seed in UInt64(0)..<150 {
            let run = run(seed: seed, forgets: true)
            var answers: [UInt64] = []
            var done: [Text] = []
            for output in run.outputs {
                switch output {
                case .done(let order, _):
                    answers.append(order)
                    if order > 2 { done.append(Text(String(order))) }
                case .refused(let order, let reason, _):
                    answers.append(order)
                    #expect(reason == .unknownOutcome || reason == .notJoined)
                    if reason == .unknownOutcome { unknown += 1 }
                default: break
                }
            }
            #expect(answers.sorted() == [1, 2] + run.said.map(\.order), "seed \(seed)")
            let order = run.own.map(\.string).compactMap(UInt64.init)
            #expect(order == order.sorted(), "seed \(seed)")
            #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
            #expect(done.allSatisfy(run.own.contains), "seed \(seed)")
        }
        #expect(unknown > 0)
    }

    @Test func `bug L3 is seen`() {
        let isSeen = (UInt64(0)..<100).contains { seed in
            let run = run(seed: seed, bugs: .l3OrderByArrival)
            return zip(run.shown, run.expected).contains { $0.indexes != $1.indexes }
        }
        #expect(isSeen)
    }
}
