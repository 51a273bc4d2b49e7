import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of private rooms` {
    private let node = NodeID(0)
    private let stream = StreamID(9)
    private let bob = Story.client(1)

    private func entry(_ index: UInt64, _ action: Action, by sender: Text = "ada") -> Entry {
        let command = Command(sender: sender, request: nil, createdAt: 7, action: action)
        return Entry(
            index: LogIndex(index), epoch: Epoch(1), stamp: Stamp(index * 10),
            payload: .command(command))
    }

    /// Ada has made the den and spoken there; then more has come to be applied.
    private func story(_ more: [Entry] = []) -> Story {
        var story = Story()
        story.named(Story.client(0), "ada")
        story.named(bob, "bob")
        story.tell(.started(.client), Story.client(0))
        story.tell(.input(.say(order: 1, room: "den", text: "secret")), Story.client(0))
        story.tell(.started(.client), bob)
        let said = Action.chat(room: "den", text: "secret")
        let log = [.started(1), entry(2, .makePrivate(room: "den")), entry(3, said)] + more
        story.note(0, .becameLeader(Epoch(1)))
        story.append(log, on: [0, 1])
        for entry in log {
            story.apply(entry, entry.index == LogIndex(1) ? nil : entry.done, on: 0)
        }
        story.tell(.accepted(stream, from: bob), node)
        return story
    }

    private func verdict(of told: ClientReply, after more: [Entry] = []) -> Property? {
        var story = story(more)
        let reply = Message(stamp: story.stamp(of: node), body: .reply(told))
        story.tell(.timer(.sweep), node, [.send(reply, on: stream)])
        return story.verdict
    }

    private func page(
        _ messages: [RoomMessage], members: [Text]? = nil, of room: Text = "den",
        isPrivate: Bool = true
    ) -> ClientReply {
        let page = HistoryPage(
            room: room, messages: messages, hasMore: false, members: members,
            isPrivate: isPrivate)
        return .history(request: nil, page)
    }

    private var message: RoomMessage {
        RoomMessage(
            room: "den", index: LogIndex(3), previous: .zero, stamp: Stamp(30), sender: "ada",
            createdAt: 7, text: "secret")
    }

    private let invitation = Action.invite(room: "den", guest: "bob")

    @Test func `sees a page shown to a stranger, and its members alone as well`() {
        #expect(verdict(of: page([message])) == .privacy)
        #expect(verdict(of: page([], members: ["ada"])) == .privacy)
        #expect(verdict(of: page([])) == nil)
    }

    @Test func `lets a guest see it, until he leaves`() {
        let invited = entry(4, invitation)
        #expect(verdict(of: page([message]), after: [invited]) == nil)
        let left = entry(5, .leave(room: "den"), by: "bob")
        #expect(verdict(of: page([message]), after: [invited, left]) == .privacy)
    }

    @Test func `sees a page that calls a private room open, or an open one private`() {
        let invited = entry(4, invitation)
        #expect(verdict(of: page([message], isPrivate: false), after: [invited]) == .privacy)
        #expect(verdict(of: page([], isPrivate: false)) == nil, "it may not know the room yet")
        #expect(verdict(of: page([], of: "hall")) == .privacy)
        #expect(verdict(of: page([], of: "hall", isPrivate: false)) == nil)
    }

    @Test func `sees a private message sent to everybody`() {
        var story = story()
        let message = Message(stamp: story.stamp(of: node), body: .reply(.pushed(message)))
        story.tell(.timer(.sweep), node, [.publish(message)])
        #expect(story.verdict == .privacy)
    }

    @Test func `knows what must come of entering and inviting`() {
        var judge = RoomJudge(limits: Limits())
        func outcome(_ index: UInt64, _ action: Action, by sender: Text = "ada") -> [Outcome] {
            let done = Outcome.done(LogIndex(index))
            return ([done] + NackReason.allCases.map { .refused($0, LogIndex(index)) }).filter {
                var copy = judge
                let isRight = copy.applied(entry(index, action, by: sender), $0) == nil
                if isRight { judge = copy }
                return isRight
            }
        }
        let index = { (number: UInt64) in LogIndex(number) }
        #expect(outcome(1, invitation) == [.refused(.notAMember, index(1))])
        #expect(outcome(2, .makePrivate(room: "den")) == [.done(index(2))])
        #expect(
            outcome(3, .join(room: "den"), by: "bob") == [.refused(.notAMember, index(3))])
        #expect(
            outcome(4, .makePrivate(room: "den"), by: "bob")
                == [.refused(.notAMember, index(4))])
        #expect(outcome(5, invitation) == [.done(index(5))])
        #expect(outcome(6, .join(room: "den"), by: "bob") == [.done(index(6))])
        #expect(outcome(7, .join(room: "hall")) == [.done(index(7))])
        #expect(outcome(8, .makePrivate(room: "hall")) == [.refused(.roomIsOpen, index(8))])
    }
}
