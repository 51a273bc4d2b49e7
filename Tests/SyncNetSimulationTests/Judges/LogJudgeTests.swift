import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judges of logs` {
    let first = Entry.started(1)
    let hello = Entry.chat(2, "hello", number: 1)

    @Test func `let logs that match grow and be cut`() {
        var story = Story()
        story.append([first, hello], on: [0, 1])
        story.append([first], on: [2])
        story.write(1, .cut(from: LogIndex(2)), .append([.started(2, epoch: 2)]))
        #expect(story.verdict == nil)
    }

    @Test func `see two entries of one epoch at one index`() {
        var story = Story()
        story.append([first, hello], on: [0])
        story.append([first, .chat(2, "other", number: 1)], on: [1])
        #expect(story.verdict == .logMatching)
    }

    @Test func `see equal entries after different ones`() {
        var story = Story()
        story.append([first, hello], on: [0])
        story.append([.started(1, epoch: 2, by: 1)], on: [1])
        story.append([hello], on: [1])
        #expect(story.verdict == .logMatching)
    }

    @Test func `see a gap in a log`() {
        var story = Story()
        story.append([first], on: [0])
        story.append([.chat(3, "hello", number: 1)], on: [0])
        #expect(story.verdict == .logMatching)
    }

    @Test func `see a leader that cuts its own log`() {
        var story = Story()
        story.append([first, hello], on: [0])
        story.note(0, .becameLeader(Epoch(1)))
        story.write(0, .cut(from: LogIndex(2)))
        #expect(story.verdict == .leaderAppendOnly)
    }

    @Test func `see an acknowledgement of what is not durable`() {
        var story = Story()
        story.write(1, .append([first]))
        story.acknowledge(1, through: 1)
        #expect(story.verdict == nil)
        story.write(1, .append([hello]), durable: false)
        story.acknowledge(1, through: 2)
        #expect(story.verdict == .promise)
    }

    @Test func `see a commit with too few durable copies`() {
        var story = Story()
        story.note(0, .becameLeader(Epoch(1)))
        story.write(0, .append([first]))
        story.write(1, .append([first]), durable: false)
        story.note(0, .committed(LogIndex(1)))
        #expect(story.verdict == .durability)
    }

    /// A leader may have been told of a copy whose disk is gone meanwhile, and can't know.
    @Test func `count a former disk until the next one has answered`() {
        for hasAnswered in [false, true] {
            var story = Story()
            story.write(0, .ceiling(Stamp(1_000_000)))
            story.note(0, .becameLeader(Epoch(1)))
            story.tell(.accepted(StreamID(1), from: NodeID(1)), NodeID(0))
            story.append([first], on: [0, 1])
            story.replaceDisk(of: 1)
            if hasAnswered {
                let answer = AppendAnswer(
                    epoch: Epoch(1), disk: DiskID(9), result: .matches(.zero), echo: .zero)
                let message = Message(
                    stamp: story.stamp(of: NodeID(1)), body: .appendAnswer(answer))
                story.tell(.message(message, on: StreamID(1)), NodeID(0))
            }
            story.note(0, .committed(LogIndex(1)))
            #expect(story.verdict == (hasAnswered ? .durability : nil))
        }
    }

    @Test func `see a commit beyond the end of a log`() {
        var story = Story()
        story.append([first], on: [0, 1])
        story.note(0, .committed(LogIndex(2)))
        #expect(story.verdict == .stateMachineSafety)
    }

    @Test func `see another entry committed at an index`() {
        var story = Story()
        story.append([first], on: [0, 1])
        story.note(0, .committed(LogIndex(1)))
        story.append([.started(1, epoch: 2, by: 2)], on: [2])
        story.note(2, .committed(LogIndex(1)))
        #expect(story.verdict == .stateMachineSafety)
    }
}

@Suite struct `The judge of journals` {
    let first = Entry.started(1)
    let hello = Entry.chat(2, "hello", number: 1)

    @Test func `lets a crash take or leave a commit that was not answered`() {
        for kept in [1, 2] {
            var story = Story()
            story.write(0, .append([first]))
            story.write(0, .append([hello]), durable: false)
            story.start(0) { found in
                found.tail = Array(found.tail.prefix(kept))
                found.last = LogIndex(UInt64(kept))
            }
            #expect(story.verdict == nil)
        }
    }

    @Test func `sees a lost entry that the journal had answered for`() {
        var story = Story()
        story.write(0, .append([first]))
        story.write(0, .append([hello]))
        story.start(0) { found in
            found.tail = [first]
            found.last = LogIndex(1)
        }
        #expect(story.verdict == .journal)
    }

    @Test func `sees half a commit`() {
        var story = Story()
        story.write(0, .append([first, hello]))
        story.write(
            0, .cut(from: LogIndex(2)), .append([.started(2, epoch: 2)]), durable: false)
        story.start(0) { found in
            found.tail = [first]
            found.last = LogIndex(1)
            found.runs = [EpochRun(first: LogIndex(1), epoch: Epoch(1))]
        }
        #expect(story.verdict == .journal)
    }

    @Test func `lets a cut be lost that was not answered`() {
        var story = Story()
        story.write(0, .append([first, hello]))
        story.write(
            0, .cut(from: LogIndex(2)), .append([.started(2, epoch: 2)]), durable: false)
        story.start(0) { found in
            found.tail = [first, hello]
            found.last = LogIndex(2)
            found.runs = [EpochRun(first: LogIndex(1), epoch: Epoch(1))]
        }
        #expect(story.verdict == nil)
    }

    @Test func `sees a changed entry`() {
        var story = Story()
        story.write(0, .append([first]))
        story.start(0) { $0.tail = [.started(1, by: 2)] }
        #expect(story.verdict == .journal)
    }

    @Test func `sees a boot that comes twice, and a forgotten ceiling`() {
        var story = Story()
        story.start(0) { $0.boot = Boot(1) }
        #expect(story.verdict == .journal)
        story = Story()
        story.write(0, .ceiling(Stamp(500)))
        story.start(0) { $0.ceiling = Stamp(100) }
        #expect(story.verdict == .journal)
    }
}

extension Story {
    mutating func acknowledge(_ server: Int, through index: UInt64) {
        let node = NodeID(UInt32(server))
        let answer = AppendAnswer(
            epoch: Epoch(1), disk: DiskID(1), result: .matches(LogIndex(index)), echo: .zero)
        let message = Message(stamp: stamp(of: node), body: .appendAnswer(answer))
        tell(.timer(.heartbeat), node, [.send(message, on: StreamID(1))])
    }
}
