import StateMachine
import Testing

/// A vocabulary of nothing but strings.
enum Words: Vocabulary {
    typealias Message = String
    typealias Timer = String
    typealias Write = String
    typealias Query = String
    typealias Answer = String
    typealias Recovery = String
    typealias Input = String
    typealias Output = String
    typealias Mark = String
}

/// Asks for one effect of each kind.
struct Everything: StateMachine {
    let me = NodeID(3)

    mutating func handle(
        _ event: Event<Words>, now: ClockReading, into effects: inout Effects<Words>
    ) {
        effects.append(.datagram("a", to: NodeID(1)))
        effects.append(.publish("b"))
        effects.append(.open(NodeID(2)))
        effects.append(.send("c", on: StreamID(1)))
        effects.append(.close(StreamID(1)))
        effects.append(.arm("d", within: .zero ... .seconds(1)))
        effects.append(.cancel("d"))
        effects.append(.write("e", Ticket(1)))
        effects.append(.fetch("f", Ticket(2)))
        effects.append(.output("\(event)"))
        effects.append(.note("\(now.monotonic.nanoseconds)"))
        effects.append(.halt)
    }
}

/// Writes down what it is asked for.
struct Scribe: World, ~Copyable {
    typealias Words = StateMachineTests.Words
    var lines: [String] = []

    mutating func datagram(_ message: String, from: NodeID, to: NodeID) {
        lines.append("datagram \(message) \(from.rank)>\(to.rank)")
    }
    mutating func publish(_ message: String, from: NodeID) { lines.append("publish \(message)") }
    mutating func open(from: NodeID, to: NodeID) { lines.append("open \(from.rank)>\(to.rank)") }
    mutating func send(_ message: String, from: NodeID, on stream: StreamID) {
        lines.append("send \(message) on \(stream.number)")
    }
    mutating func close(_ stream: StreamID, from: NodeID) {
        lines.append("close \(stream.number)")
    }
    mutating func read(by node: NodeID) -> ClockReading {
        ClockReading(monotonic: Instant(nanoseconds: 9), wall: WallTime(microseconds: 0))
    }
    mutating func arm(_ timer: String, of node: NodeID, within: ClosedRange<Interval>) {
        lines.append("arm \(timer)")
    }
    mutating func cancel(_ timer: String, of node: NodeID) { lines.append("cancel \(timer)") }
    mutating func write(_ write: String, by node: NodeID, ticket: Ticket) {
        lines.append("write \(write) \(ticket.number)")
    }
    mutating func fetch(_ query: String, by node: NodeID, ticket: Ticket) {
        lines.append("fetch \(query) \(ticket.number)")
    }
    mutating func output(_ output: String, by node: NodeID) { lines.append("output \(output)") }
    mutating func note(_ mark: String, by node: NodeID) { lines.append("note \(mark)") }
    mutating func halt(_ node: NodeID) { lines.append("halt \(node.rank)") }
    mutating func settle(_ node: NodeID) { lines.append("settle \(node.rank)") }
}

@Suite struct DriveTests {
    @Test func `every effect is performed, in order, and then the event is settled`() {
        var machine = Everything()
        var world = Scribe()
        var effects = Effects<Words>()
        drive(&machine, .timer("t"), in: &world, reusing: &effects)
        let lines = world.lines
        #expect(
            lines == [
                "datagram a 3>1", "publish b", "open 3>2", "send c on 1", "close 1", "arm d",
                "cancel d", "write e 1", "fetch f 2", "output timer(\"t\")", "note 9", "halt 3",
                "settle 3",
            ])
    }

    @Test func `effects of an earlier event are gone from the buffer that is used again`() {
        var machine = Everything()
        var world = Scribe()
        var effects = Effects<Words>()
        drive(&machine, .timer("t"), in: &world, reusing: &effects)
        drive(&machine, .timer("t"), in: &world, reusing: &effects)
        let count = effects.list.count
        #expect(count == 12)
    }
}
