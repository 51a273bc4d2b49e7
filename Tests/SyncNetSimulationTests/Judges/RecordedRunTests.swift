import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

/// Each test takes a run in which all is well, plants one thing, and demands that it is seen.
@Suite struct `The judge of recorded runs` {
    private static let hall: Text = "hall"
    private static let ada = RecordedRun.Person(client: Story.client(0), name: "ada")
    private static let bob = RecordedRun.Person(client: Story.client(1), name: "bob")

    /// What stands in the hall: who said it, and where.
    private static let standing: [(index: UInt64, sender: Text, text: Text)] = [
        (2, "ada", "one"), (3, "ada", "two"), (5, "bob", "three"), (6, "ada", "four"),
    ]

    private static func messages(
        _ standing: [(index: UInt64, sender: Text, text: Text)]
    ) -> [RoomMessage] {
        var previous: UInt64 = 0
        return standing.map { index, sender, text in
            defer { previous = index }
            return RoomMessage(
                room: hall, index: LogIndex(index), previous: LogIndex(previous),
                stamp: Stamp(index * 10), sender: sender, createdAt: 1, text: text)
        }
    }

    private static func server(
        _ name: Text, entries: UInt64 = 6, messages: [RoomMessage], skipping gap: UInt64 = 0
    ) -> RecordedServer {
        var server = RecordedServer(name: name, applied: LogIndex(entries), rooms: [messages])
        for index in 1...entries where index != gap {
            server.append(
                Entry(
                    index: LogIndex(index), epoch: Epoch(1), stamp: Stamp(index * 10),
                    payload: .epochStarted(by: NodeID(0))))
        }
        return server
    }

    /// A run whose servers all have these messages.
    private func run(
        _ events: [RecordedEvent], standing: [(UInt64, Text, Text)] = Self.standing
    ) -> RecordedRun {
        let messages = Self.messages(standing.map { (index: $0.0, sender: $0.1, text: $0.2) })
        return RecordedRun(
            rooms: [Self.hall], events: events,
            servers: ["server1", "server2", "server3"].map { Self.server($0, messages: messages) })
    }

    private func message(_ place: Int) -> RoomMessage { Self.messages(Self.standing)[place] }

    private func page(_ places: Range<Int>, more: Bool = false) -> HistoryPage {
        HistoryPage(
            room: Self.hall, messages: places.map { message($0) }, hasMore: more, members: nil)
    }

    /// Ada and Bob say all that stands, one after the other, and see it.
    private var good: [RecordedEvent] {
        let (ada, bob) = (Self.ada, Self.bob)
        return [
            ada.does(.began), bob.does(.began),
            ada.says(1, "one"), ada.done(1, 2), ada.says(2, "two"),
            bob.does(.shown(message(0))),
            bob.reads(1, isLinearizable: true), bob.does(.page(order: 1, page(0..<1))),
            ada.done(2, 3), bob.does(.shown(message(1))),
            bob.says(2, "three"), bob.done(2, 5),
            ada.says(3, "four"), ada.done(3, 6),
            bob.does(.shown(message(2))), bob.does(.shown(message(3))),
            ada.reads(4, isLinearizable: false), ada.does(.page(order: 4, page(0..<4))),
        ]
    }

    private func properties(of run: RecordedRun) -> Set<String> {
        Set(run.verdict().breaches.map(\.property.rawValue))
    }

    private func expect(
        _ property: Property, _ run: RecordedRun, _ location: SourceLocation = #_sourceLocation
    ) {
        let found = run.verdict().breaches
        #expect(
            found.contains { $0.property == property }, "\(found)", sourceLocation: location)
    }

    @Test func `finds nothing where all is well, and judges all of it`() {
        let verdict = run(good).verdict()
        #expect(verdict.breaches == [])
        #expect(verdict.judged == 5)
        #expect(verdict.undecided == 0)
    }

    @Test func `sees an answer that no server may give`() {
        let flaw = Self.ada.does(.flaw("#1 was answered by a page"))
        expect(.exactlyOnce, run(good + [flaw]))
    }

    @Test func `sees an acknowledged message that is lost`() {
        var standing = Self.standing
        standing.remove(at: 1)
        expect(.durability, run(good, standing: standing))
    }

    @Test func `sees an acknowledgement that names another place`() {
        var events = good
        events[3] = Self.ada.done(1, 4)
        expect(.durability, run(events))
        events[3] = Self.ada.done(1, 99)
        expect(.durability, run(events))
    }

    @Test func `sees a message that stands twice`() {
        expect(.exactlyOnce, run(good, standing: Self.standing + [(7, "ada", "one")]))
    }

    @Test func `sees a message that nobody has said`() {
        expect(.exactlyOnce, run(good, standing: Self.standing + [(7, "eve", "boo")]))
    }

    @Test func `sees a refused message that stands, and lets an unknown one stand or not`() {
        var events = good
        events[8] = Self.ada.does(.refused(order: 2, .noLeader))
        expect(.exactlyOnce, run(events))
        events[8] = Self.ada.does(.unknown(order: 2))
        #expect(properties(of: run(events)) == [])
        let lost = events + [Self.ada.says(9, "never"), Self.ada.does(.unknown(order: 9))]
        #expect(properties(of: run(lost)) == [])
    }

    @Test func `sees a client to whom messages are shown in another order, twice or with a gap`() {
        for places in [[0, 2], [1, 0], [0, 0]] {
            let shown = places.map { Self.bob.does(.shown(message($0))) }
            expect(.roomOrder, run(good + [Self.bob.does(.began)] + shown))
        }
    }

    @Test func `sees a client to whom something else is shown than what stands`() {
        var wrong = message(0)
        wrong.text = "won"
        expect(.roomOrder, run([Self.bob.does(.shown(wrong))] + good))
    }

    @Test func `sees words of one sender in another order than it said them`() {
        var events = good
        (events[2], events[4]) = (Self.ada.says(1, "two"), Self.ada.says(2, "one"))
        (events[3], events[8]) = (Self.ada.done(1, 3), Self.ada.done(2, 2))
        let found = properties(of: run(events))
        #expect(found.isSuperset(of: [Property.causalOrder.rawValue]))
        // While the first is not acknowledged, only the order of its sender is broken.
        events.swapAt(3, 4)
        expect(.senderOrder, run(events))
    }

    @Test func `sees a linearizable read without what was acknowledged before it`() {
        let stale = [
            Self.bob.reads(7, isLinearizable: true),
            Self.bob.does(.page(order: 7, page(0..<3))),
        ]
        expect(.linearizability, run(good + stale))
    }

    @Test func `sees a local read without what its reader knew`() {
        let stale = [
            Self.bob.reads(7, isLinearizable: false),
            Self.bob.does(.page(order: 7, page(0..<3))),
        ]
        expect(.honestReads, run(good + stale))
        // Who has begun anew may be served by a server that lags.
        #expect(properties(of: run(good + [Self.bob.does(.began)] + stale)) == [])
    }

    @Test func `sees a page with a gap`() {
        var gap = page(0..<4)
        gap.messages.remove(at: 1)
        expect(
            .honestReads,
            run(
                good + [
                    Self.bob.reads(7, isLinearizable: false), Self.bob.does(.page(order: 7, gap)),
                ]))
    }

    @Test func `sees positions with a gap`() {
        var run = run(good)
        for server in run.servers.indices { run.servers[server].rooms[0][2].previous = .zero }
        expect(.roomOrder, run)
        run = self.run(good)
        run.servers[1] = Self.server(
            "server2", messages: Self.messages(Self.standing), skipping: 4)
        expect(.logMatching, run)
    }

    @Test func `sees a server whose messages or log are not those of the others`() {
        var run = run(good)
        run.servers[2].rooms[0][1].text = "too"
        expect(.stateMachineSafety, run)
        run = self.run(good)
        run.servers[2] = Self.server(
            "server3", entries: 5, messages: Array(Self.messages(Self.standing).prefix(3)))
        expect(.liveness, run)
    }
}

extension RecordedRun {
    /// Somebody who does things in a made-up run.
    fileprivate struct Person {
        var client: NodeID
        var name: Text

        func does(_ kind: RecordedEvent.Kind) -> RecordedEvent {
            RecordedEvent(at: .zero, client: client, name: name, kind)
        }

        func says(_ order: UInt64, _ text: Text) -> RecordedEvent {
            does(.says(order: order, room: "hall", text: text))
        }

        func done(_ order: UInt64, _ index: UInt64) -> RecordedEvent {
            does(.done(order: order, at: LogIndex(index)))
        }

        func reads(_ order: UInt64, isLinearizable: Bool) -> RecordedEvent {
            let request = HistoryRequest(room: "hall", isLinearizable: isLinearizable)
            return does(.reads(order: order, request))
        }
    }
}
