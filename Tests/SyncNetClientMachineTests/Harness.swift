import StateMachine
import SyncNetProtocol
import Testing

/// A client with a clock and a tidy way to see what follows from one event.
struct Harness {
    var client: Client
    var now = Instant.zero

    init(limits: Limits = Limits(), bugs: PlantedBugs = []) {
        client = Client(
            me: NodeID(2_000), name: "ann", session: "s", limits: limits, bugs: bugs)
    }

    /// A client that is connected to server 0 by stream 1.
    static func connected(limits: Limits = Limits(), bugs: PlantedBugs = []) -> Harness {
        var harness = Harness(limits: limits, bugs: bugs)
        harness.effects(of: .started(.client))
        harness.effects(of: .input(.servers([NodeID(0), NodeID(1), NodeID(2)])))
        harness.effects(of: .opened(StreamID(1), to: NodeID(0)))
        return harness
    }

    /// A client whose room "r" is joined, by number 2, on stream 1 and was shown up to 10.
    static func inRoom(limits: Limits = Limits(), bugs: PlantedBugs = []) -> Harness {
        var harness = connected(limits: limits, bugs: bugs)
        harness.say("first", order: 0)
        harness.hear(.done(request: 1, room: "r", index: LogIndex(9)))
        harness.effects(of: .input(.join(order: 1, room: "r", after: nil)))
        harness.hear(.done(request: 2, room: "r", index: LogIndex(10)))
        return harness
    }

    @discardableResult
    mutating func effects(of event: Event<SyncNet>) -> [Effect<SyncNet>] {
        var effects = Effects<SyncNet>()
        let wall = WallTime(microseconds: 1_000_000)
        client.handle(event, now: ClockReading(monotonic: now, wall: wall), into: &effects)
        return effects.list
    }

    @discardableResult
    mutating func hear(_ reply: ClientReply, on stream: UInt64 = 1) -> [Effect<SyncNet>] {
        effects(of: .message(Message(stamp: Stamp(1), body: .reply(reply)), on: StreamID(stream)))
    }

    @discardableResult
    mutating func refuse(
        _ number: UInt64, _ reason: NackReason, on stream: UInt64 = 1
    ) -> [Effect<SyncNet>] {
        hear(.nack(request: number, reason, detail: "no"), on: stream)
    }

    @discardableResult
    mutating func say(_ text: Text, order: UInt64) -> [Effect<SyncNet>] {
        effects(of: .input(.say(order: order, room: "r", text: text)))
    }

    /// The connection breaks and the next server is reached.
    @discardableResult
    mutating func reconnect(
        from stream: UInt64 = 1, to next: UInt64 = 2, server: UInt32 = 1
    ) -> [Effect<SyncNet>] {
        effects(of: .closed(StreamID(stream)))
        effects(of: .timer(.reconnectClient))
        return effects(of: .opened(StreamID(next), to: NodeID(server)))
    }

    mutating func wait(_ interval: Interval) { now = now + interval }
}

func post(
    _ index: UInt64, after previous: UInt64, room: Text = "r", text: Text = "hello"
) -> RoomMessage {
    RoomMessage(
        room: room, index: LogIndex(index), previous: LogIndex(previous), stamp: Stamp(index),
        sender: "bob", createdAt: 1, text: text)
}

extension [Effect<SyncNet>] {
    /// The requests sent, in order.
    var requests: [ClientRequest] {
        compactMap { effect in
            guard case .send(let message, _) = effect, case .request(let request) = message.body
            else { return nil }
            return request
        }
    }

    /// Their numbers.
    var numbers: [UInt64?] { requests.map(\.request) }

    /// What the owner was told.
    var outputs: [NodeOutput] {
        compactMap { effect in
            if case .output(let output) = effect { output } else { nil }
        }
    }

    /// The indexes of the messages shown.
    var shown: [UInt64] {
        outputs.compactMap { output in
            if case .message(let message) = output { message.index.number } else { nil }
        }
    }

    /// The servers to which a stream was asked for.
    var opened: [NodeID] {
        compactMap { effect in
            if case .open(let server) = effect { server } else { nil }
        }
    }

    /// The timers armed.
    var armed: [TimerName] {
        compactMap { effect in
            if case .arm(let timer, _) = effect { timer } else { nil }
        }
    }
}
