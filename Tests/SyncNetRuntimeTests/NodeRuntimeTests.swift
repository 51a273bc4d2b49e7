import NIOCore
import NIOPosix
import NodeRuntime
import StateMachine
import Synchronization
import Testing

/// The smallest vocabulary with which a machine can say something.
private enum Toy: Vocabulary {
    typealias Message = Int
    typealias Timer = String
    typealias Write = Int
    typealias Query = Int
    typealias Answer = Int
    typealias Recovery = Int
    typealias Input = Int
    typealias Output = String
    typealias Mark = Int
}

/// Counts down: every number that it is given, it gives itself again, less one.
private struct Countdown: StateMachine {
    typealias Words = Toy
    let me = NodeID(0)

    mutating func handle(_ event: Event<Toy>, now: ClockReading, into effects: inout Effects<Toy>) {
        switch event {
        case .input(let number):
            effects.append(.output("began \(number)"))
            if number > 0 { effects.append(.datagram(number - 1, to: me)) }
            effects.append(.output("ended \(number)"))
        case .datagram(let number, _): handle(.input(number), now: now, into: &effects)
        case .timer(let name): effects.append(.output("fired \(name)"))
        default: break
        }
    }
}

/// A world in which a datagram arrives while it is sent.
private final class ShortWorld: World {
    typealias Words = Toy
    let inbox = Inbox<Toy>()
    var told: [String] = []
    var settled = 0

    func datagram(_ message: Int, from: NodeID, to: NodeID) {
        inbox.put(.datagram(message, from: from))
    }
    func publish(_ message: Int, from: NodeID) {}
    func open(from: NodeID, to: NodeID) {}
    func send(_ message: Int, from: NodeID, on stream: StreamID) {}
    func close(_ stream: StreamID, from: NodeID) {}
    func read(by node: NodeID) -> ClockReading { LoopClock<Toy>.read() }
    func arm(_ timer: String, of node: NodeID, within: ClosedRange<Interval>) {}
    func cancel(_ timer: String, of node: NodeID) {}
    func write(_ write: Int, by node: NodeID, ticket: Ticket) {}
    func fetch(_ query: Int, by node: NodeID, ticket: Ticket) {}
    func output(_ output: String, by node: NodeID) { told.append(output) }
    func note(_ mark: Int, by node: NodeID) {}
    func halt(_ node: NodeID) {}
    func settle(_ node: NodeID) { settled += 1 }
}

extension RuntimeSuite {
    @Suite struct NodeRuntimeTests {
        private let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()

        @Test func `an event that an effect causes waits for the effects before it`() {
            let world = ShortWorld()
            NodeRunner.run(Countdown(), in: world, from: world.inbox)
            world.inbox.put(.input(2))
            #expect(
                world.told == ["began 2", "ended 2", "began 1", "ended 1", "began 0", "ended 0"])
            #expect(world.settled == 3)
        }

        @Test func `a closed inbox hands over nothing`() {
            let world = ShortWorld()
            NodeRunner.run(Countdown(), in: world, from: world.inbox)
            world.inbox.close()
            world.inbox.put(.input(2))
            #expect(world.told == [])
        }

        @Test func `a timer fires once, within its range, and the last of a name wins`()
            async throws
        {
            let fired = Mutex<[(String, Instant)]>([])
            let began = LoopClock<Toy>.read().monotonic
            let (loop, held) = (
                loop, NIOLoopBoundBox<LoopClock<Toy>?>.makeEmptyBox(eventLoop: loop)
            )
            try await withCheckedThrowingContinuation { done in
                loop.execute {
                    let inbox = Inbox<Toy>()
                    inbox.open { event in
                        guard case .timer(let name) = event else { return }
                        fired.withLock { $0.append((name, LoopClock<Toy>.read().monotonic)) }
                        if name == "last" { done.resume() }
                    }
                    let clock = LoopClock(on: loop, into: inbox)
                    held.value = clock
                    clock.arm("never", within: .milliseconds(5)...(.milliseconds(5)))
                    clock.arm("again", within: .milliseconds(5)...(.milliseconds(5)))
                    clock.arm("again", within: .milliseconds(20)...(.milliseconds(30)))
                    clock.arm("last", within: .milliseconds(60)...(.milliseconds(60)))
                    clock.cancel("never")
                }
            } as Void
            let all = fired.withLock { $0 }
            #expect(all.map(\.0) == ["again", "last"])
            #expect(all[0].1.since(began) >= .milliseconds(20))
        }

        @Test func `all that is touched in a tick is flushed once, at its end`() async throws {
            final class Counter: Flushable {
                var flushes = 0
                func flush() { flushes += 1 }
            }
            let loop = loop
            let held = NIOLoopBoundBox<Counter?>.makeEmptyBox(eventLoop: loop)
            let during = try await loop.submit {
                let (ticks, counter) = (TickEnd(of: loop), Counter())
                held.value = counter
                ticks.touch(counter)
                return counter.flushes
            }.get()
            #expect(during == 0)
            #expect(try await loop.submit { held.value?.flushes }.get() == 1)
        }
    }
}
