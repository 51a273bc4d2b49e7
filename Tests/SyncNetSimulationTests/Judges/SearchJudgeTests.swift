import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of searches` {
    private let ada = Story.client(0)
    private let bob = Story.client(1)
    private let log = [
        Entry.started(1), Entry.chat(2, "c1.2 hello", number: 1),
        Entry.chat(3, "well, c1.3", number: 2), Entry.chat(4, "c1.4", number: 3),
        Entry.chat(5, "c11.5", number: 4),
    ]

    /// Ada has said all that, and knows it; Bob is in no room.
    private var said: Story {
        var story = Story()
        story.join(0)
        story.named(bob, "bob")
        story.tell(.started(.client), bob)
        let texts: [Text] = ["c1.2 hello", "well, c1.3", "c1.4", "c11.5"]
        for (order, text) in zip(UInt64(2)..., texts) { story.say(0, order: order, text) }
        story.append(log, on: [0, 1])
        story.apply(log[0], on: 0)
        for entry in log.dropFirst() { story.apply(entry, entry.done, on: 0) }
        return story
    }

    private func message(_ index: Int) -> RoomMessage {
        log[index - 1].message(previous: index == 2 ? 0 : UInt64(index - 1))
    }

    private func verdict(
        _ words: Text, finds found: [Int], more: Bool = false, limit: UInt64? = nil,
        before: UInt64? = nil, in room: Text = "", by reader: NodeID? = nil,
        isLinearizable: Bool = true
    ) -> Property? {
        var story = said
        let request = HistoryRequest(
            room: room, before: before.map { LogIndex($0) }, limit: limit,
            isLinearizable: isLinearizable, search: words)
        story.tell(.input(.history(order: 50, request)), reader ?? ada)
        let page = HistoryPage(
            room: room, messages: found.map(message), hasMore: more, members: nil)
        story.tell(reader ?? ada, .page(order: 50, page))
        return story.verdict
    }

    @Test func `lets be found what stands there`() {
        #expect(verdict("c1", finds: [2, 3, 4]) == nil)
        #expect(verdict("c1", finds: [2, 4]) == nil, "within a text a word is not certain")
        #expect(verdict("c11", finds: [5]) == nil)
        #expect(verdict("c*", finds: [2, 3, 4, 5]) == nil)
        #expect(verdict("nothing", finds: []) == nil)
        #expect(verdict("c1", finds: [2], before: 4, in: "hall") == nil)
        #expect(verdict("c1", finds: [4], more: true, limit: 1) == nil)
    }

    @Test func `knows that all words of several have to stand there`() {
        #expect(verdict("c* c1", finds: [2, 3, 4]) == nil)
        #expect(verdict("c* c1", finds: [2, 4, 5]) == .honestReads)
        #expect(verdict("c* c1", finds: []) == .honestReads)
        #expect(verdict("c1 nothing", finds: []) == nil)
        #expect(verdict("c1 nothing", finds: [2, 4]) == .honestReads)
    }

    @Test func `sees what was left out`() {
        #expect(verdict("c1", finds: [2]) == .honestReads)
        #expect(verdict("c1", finds: []) == .honestReads)
        #expect(verdict("c*", finds: [2, 3, 4]) == .honestReads)
        #expect(verdict("c1", finds: [2], more: true, limit: 1) == .honestReads)
        #expect(verdict("c1", finds: [2], isLinearizable: false) == nil, "nobody had told her")
    }

    @Test func `sees what was not looked for`() {
        #expect(verdict("c1", finds: [2, 4, 5]) == .honestReads)
        #expect(verdict("nothing", finds: [2]) == .honestReads)
        #expect(verdict("c1", finds: [4, 2]) == .honestReads)
        #expect(verdict("c1", finds: [2, 4], before: 4) == .honestReads)
        #expect(verdict("c1", finds: [2, 4], limit: 1) == .honestReads)
    }

    @Test func `sees a promise of more where there is none`() {
        #expect(verdict("c11", finds: [5], more: true, limit: 1) == .honestReads)
        #expect(verdict("c1", finds: [2, 4], more: true) == .honestReads)
    }

    @Test func `sees a room searched by a stranger`() {
        #expect(verdict("c1", finds: [2, 4], by: bob) == .membership)
        #expect(verdict("c1", finds: [], by: bob) == nil)
        #expect(verdict("c1", finds: [2, 4], in: "attic") == .membership)
    }

    @Test func `sees a member kept out`() {
        for (reader, verdict) in [(ada, Property.membership), (bob, nil)] {
            var story = said
            let request = HistoryRequest(room: "hall", search: "c1")
            story.tell(.input(.history(order: 50, request)), reader)
            story.tell(reader, .refused(order: 50, .notJoined, detail: "no"))
            #expect(story.verdict == verdict)
        }
    }

    @Test func `knows a mark from what only looks like one`() {
        #expect(SaidMark("c12.3 hello")?.author == 12)
        #expect(SaidMark("c12.3 hello")?.isFirst == true)
        #expect(SaidMark("a c12.3")?.isFirst == false)
        #expect(SaidMark("c12 c.3 ccc") == nil)
        #expect(SaidMark("cc7.1")?.isFirst == false)
        #expect(SaidMark("") == nil)
    }
}
