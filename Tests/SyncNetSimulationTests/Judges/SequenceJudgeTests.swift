import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judges of what is applied` {
    let first = Entry.started(1)
    let hello = Entry.chat(2, "hello", number: 1)
    let again = Entry.chat(3, "again", number: 2)

    /// Ada has said "hello" and "again", and three servers hold both.
    var said: Story {
        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.say(0, order: 3, "again")
        story.append([first, hello, again], on: [0, 1, 2])
        return story
    }

    @Test func `let all servers apply the same`() {
        var story = said
        for server in 0..<3 {
            story.apply(first, on: server)
            story.apply(hello, hello.done, on: server)
            story.apply(again, again.done, on: server)
        }
        #expect(story.verdict == nil)
    }

    @Test func `see another outcome at an index`() {
        var story = said
        for server in 0..<2 { story.apply(first, on: server) }
        story.apply(hello, hello.done, on: 0)
        story.apply(hello, .refused(.notJoined, hello.index), on: 1)
        #expect(story.verdict == .stateMachineSafety)
    }

    @Test func `see another entry at an index`() {
        var story = said
        story.apply(first, on: 0)
        story.note(1, .applied(.started(1, by: 2), nil))
        #expect(story.verdict == .stateMachineSafety)
    }

    @Test(arguments: [true, false])
    func `see a session refused that was known when it was asked`(isKnown: Bool) {
        let (node, stream) = (NodeID(2), StreamID(9))
        var story = said
        let request = ClientRequest(
            sender: "ada", createdAt: 1, session: "session", request: 2,
            body: .chat(room: "hall", text: "again"))
        let ask = Event<SyncNet>.message(
            Message(stamp: .zero, body: .request(request)), on: stream)
        story.tell(.accepted(stream, from: Story.client(0)), node)
        if !isKnown { story.tell(ask, node) }
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        if isKnown { story.tell(ask, node) }
        let nack = ClientReply.nack(request: 2, .unknownSession, detail: "")
        let stamp = story.stamp(of: node)
        story.tell(
            .timer(.heartbeat), node,
            [.send(Message(stamp: stamp, body: .reply(nack)), on: stream)])
        #expect(story.verdict == (isKnown ? .exactlyOnce : nil))
    }

    @Test func `see an index left out`() {
        var story = said
        story.apply(first, on: 0)
        story.apply(again, again.done, on: 0)
        #expect(story.verdict == .stateMachineSafety)
    }

    @Test func `see what is applied and not committed`() {
        var story = said
        story.note(0, .applied(first, nil))
        #expect(story.verdict == .stateMachineSafety)
    }

    @Test func `excuse the first request of a session that was forgotten, and no other`() {
        for (number, isExcused) in [1: true, 2: false] as [UInt64: Bool] {
            var sequence = SequenceJudge()
            for index in 1...number {
                let entry = Entry.join(LogIndex(index), number: index)
                #expect(sequence.applied(entry, entry.done, ofForgotten: index == 1) == nil)
            }
            let late = Entry.join(LogIndex(number + 1), number: number)
            let verdict = sequence.applied(late, late.done, ofForgotten: true)
            #expect(verdict?.property == (isExcused ? nil : .exactlyOnce))
        }
    }

    @Test func `know a forgotten session's later requests that come back`() {
        var sequence = SequenceJudge()
        for index in 1...2 as ClosedRange<UInt64> {
            let entry = Entry.join(LogIndex(index), number: index)
            #expect(!sequence.isReplay(entry, ofForgotten: index == 1))
            _ = sequence.applied(entry, entry.done, ofForgotten: index == 1)
        }
        let retry = Entry.join(LogIndex(3), number: 2)
        #expect(!sequence.isReplay(retry, ofForgotten: false), "it is not forgotten")
        let first = Entry.join(LogIndex(4), number: 1)
        #expect(!sequence.isReplay(first, ofForgotten: true), "a join doubles nothing")
        _ = sequence.applied(first, first.done, ofForgotten: true)
        #expect(sequence.isReplay(Entry.join(LogIndex(5), number: 2), ofForgotten: false))
        #expect(!sequence.isReplay(Entry.join(LogIndex(5), number: 3), ofForgotten: false))
    }

    @Test func `see words that a forgotten session says again`() {
        var sequence = SequenceJudge()
        let saying = Digest.of(saying: "hello", by: "ada", in: "hall")
        sequence.asked(Story.client(0), life: 1, order: 1, saying: saying, frontier: 0, stamp: 0)
        #expect(sequence.applied(hello, hello.done, ofForgotten: true) == nil)
        let twice = Entry.chat(3, "hello", number: 1)
        let verdict = sequence.applied(twice, twice.done, ofForgotten: true)
        #expect(verdict?.property == .exactlyOnce)
    }

    @Test func `see a request that is applied twice`() {
        let twice = Entry.chat(3, "hello", number: 1)
        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.append([first, hello, twice], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        story.apply(twice, twice.done, on: 0)
        #expect(story.verdict == .exactlyOnce)
    }

    @Test func `let a repeat be skipped, and see one that never was`() {
        let twice = Entry.chat(3, "hello", number: 1)
        for (place, verdict) in [(hello.index, nil), (first.index, Property.exactlyOnce)] {
            var story = Story()
            story.join(0)
            story.say(0, order: 2, "hello")
            story.append([first, hello, twice], on: [0, 1])
            story.apply(first, on: 0)
            story.apply(hello, hello.done, on: 0)
            story.apply(twice, .done(place), on: 0)
            #expect(story.verdict == verdict)
        }
    }

    @Test func `see words that stand twice under other numbers`() {
        let twice = Entry.chat(3, "hello", number: 2)
        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.append([first, hello, twice], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        story.apply(twice, twice.done, on: 0)
        #expect(story.verdict == .exactlyOnce)
    }

    @Test func `see a number left out`() {
        let second = Entry.chat(2, "again", number: 2)
        var story = Story()
        story.join(0)
        story.say(0, order: 3, "again")
        story.append([first, second], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(second, second.done, on: 0)
        #expect(story.verdict == .senderOrder)
    }

    @Test func `see a sender's words in another order`() {
        let swapped = [Entry.chat(2, "again", number: 1), .chat(3, "hello", number: 2)]
        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.say(0, order: 3, "again")
        story.append([first] + swapped, on: [0, 1])
        story.apply(first, on: 0)
        story.apply(swapped[0], swapped[0].done, on: 0)
        story.apply(swapped[1], swapped[1].done, on: 0)
        #expect(story.verdict == .senderOrder)
    }

    @Test func `see an effect before its cause`() {
        var story = said
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        story.apply(again, again.done, on: 0)
        story.join(1, name: "bob")
        story.tell(Story.client(1), .message(hello.message(previous: 0)))
        story.tell(Story.client(1), .message(again.message(previous: 2)))
        // Bob answers what stands at 3; his answer is put at 3 on a cluster gone astray.
        #expect(story.court.frontier(of: Story.client(1)) == LogIndex(3))
        var sequence = SequenceJudge()
        let saying = Digest.of(saying: "hello", by: "ada", in: "hall")
        sequence.asked(
            Story.client(1), life: 1, order: 1, saying: saying, frontier: 3, stamp: 0)
        #expect(sequence.applied(hello, hello.done, ofForgotten: true)?.property == .causalOrder)
        #expect(story.verdict == nil)
    }

    @Test func `see stamps that do not rise along the log`() {
        let low = Entry.chat(2, "hello", number: 1, stamp: 10)
        var story = Story()
        story.join(0)
        story.say(0, order: 2, "hello")
        story.append([first, low], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(low, low.done, on: 0)
        #expect(story.verdict == .lamport)
    }

    @Test func `see an entry with a stamp below its cause's`() {
        var story = Story()
        story.join(0)
        let late = Message(stamp: Stamp(5_000), body: .reply(.statusLine("")))
        story.tell(.message(late, on: StreamID(1)), Story.client(0))
        story.say(0, order: 2, "hello")
        story.append([first, hello], on: [0, 1])
        story.apply(first, on: 0)
        story.apply(hello, hello.done, on: 0)
        #expect(story.verdict == .lamport)
    }
}

@Suite struct `The judge of Lamport clocks` {
    func message(_ stamp: UInt64) -> Message {
        Message(stamp: Stamp(stamp), body: .reply(.statusLine("")))
    }

    @Test func `lets stamps rise`() {
        var story = Story()
        let node = NodeID(0)
        story.tell(.message(message(5), on: StreamID(1)), node)
        story.tell(.timer(.sweep), node, [.send(message(6), on: StreamID(1))])
        story.tell(.timer(.sweep), node, [.send(message(7), on: StreamID(1))])
        #expect(story.verdict == nil)
    }

    @Test func `sees a stamp sent twice`() {
        var story = Story()
        story.tell(.timer(.sweep), NodeID(0), [.send(message(6), on: StreamID(1))])
        story.tell(.timer(.sweep), NodeID(0), [.send(message(6), on: StreamID(1))])
        #expect(story.verdict == .lamport)
    }

    @Test func `sees a stamp below one that was received`() {
        var story = Story()
        story.write(0, .ceiling(Stamp(1_000_000)))
        story.tell(.datagram(message(9), from: NodeID(1)), NodeID(0))
        story.tell(.timer(.sweep), NodeID(0), [.datagram(message(9), to: NodeID(1))])
        #expect(story.verdict == .lamport)
    }

    @Test func `lets a message wait for the ceiling of the clock`() {
        var story = Story()
        let node = NodeID(0)
        story.tell(.datagram(message(9), from: NodeID(1)), node)
        story.tell(.timer(.sweep), node, [.datagram(message(3), to: NodeID(1))])
        #expect(story.verdict == nil)
        story.write(0, .ceiling(Stamp(1_000_000)))
        story.tell(.timer(.sweep), node, [.datagram(message(4), to: NodeID(1))])
        #expect(story.verdict == .lamport)
    }

    @Test func `sees a clock that a restart has set back`() {
        var story = Story()
        story.tell(.timer(.sweep), NodeID(0), [.datagram(message(9), to: NodeID(1))])
        story.start(0)
        story.tell(.timer(.sweep), NodeID(0), [.datagram(message(3), to: NodeID(1))])
        #expect(story.verdict == .lamport)
    }
}

extension Story {
    /// A client starts, and follows the hall from its beginning.
    mutating func join(_ number: Int, name: Text = "ada") {
        let client = Story.client(number)
        named(client, name)
        tell(.started(.client), client)
        let after = LogIndex.zero
        tell(.input(.join(order: 1, room: "hall", after: after)), client)
    }

    mutating func say(_ number: Int, order: UInt64, _ text: Text) {
        tell(.input(.say(order: order, room: "hall", text: text)), Story.client(number))
    }
}
