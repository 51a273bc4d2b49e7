import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judges of elections` {
    @Test func `let one server lead each epoch`() {
        var story = Story()
        story.note(0, .becameLeader(Epoch(1)))
        story.note(0, .steppedDown(Epoch(1), .higherRound))
        story.note(1, .becameLeader(Epoch(2)))
        #expect(story.verdict == nil)
    }

    @Test func `see two leaders of one epoch`() {
        var story = Story()
        story.note(0, .becameLeader(Epoch(1)))
        story.note(1, .becameLeader(Epoch(1)))
        #expect(story.verdict == .electionSafety)
    }

    @Test func `see a leader elected again in its epoch after a restart`() {
        var story = Story()
        story.note(0, .becameLeader(Epoch(1)))
        story.down(NodeID(0))
        story.start(0)
        story.note(0, .becameLeader(Epoch(1)))
        #expect(story.verdict == .electionSafety)
    }

    @Test func `let a server vote for one candidate in each round`() {
        var story = Story()
        story.vote(1, in: 1, for: 0)
        story.vote(1, in: 2, for: 2)
        #expect(story.verdict == nil)
    }

    @Test func `see two votes of one server in one round`() {
        var story = Story()
        story.vote(1, in: 1, for: 0)
        story.vote(1, in: 1, for: 2)
        #expect(story.verdict == .electionSafety)
    }

    @Test func `see a vote that is told before it is durable`() {
        var story = Story()
        story.vote(1, in: 1, for: 0, durable: false)
        #expect(story.verdict == .promise)
    }

    @Test func `let a server pass on what a former disk of its own voted`() {
        var story = Story()
        story.replaceDisk(of: 1)
        story.vote(1, in: 1, for: 0, durable: false)
        #expect(story.verdict == nil)
        story.vote(1, in: 1, for: 0, durable: false, disk: 9)
        #expect(story.verdict == .promise)
    }

    @Test func `see a vote that a restart has forgotten`() {
        var story = Story()
        story.vote(1, in: 3, for: 0)
        story.start(1) { $0.ballot = Ballot(round: Epoch(3), vote: nil) }
        #expect(story.verdict == .journal)
    }

    @Test func `see a server that follows an epoch lower than before`() {
        var story = Story()
        story.note(2, .following(NodeID(0), Epoch(4)))
        story.note(2, .following(NodeID(0), Epoch(5)))
        #expect(story.verdict == nil)
        story.note(2, .following(NodeID(1), Epoch(3)))
        #expect(story.verdict == .monotonicLeader)
    }

    @Test func `see a leader without the committed entries of an earlier epoch`() {
        var story = Story()
        let first = [Entry.started(1), .chat(2, "hello", number: 1)]
        story.note(0, .becameLeader(Epoch(1)))
        story.append(first, on: [0, 1])
        story.note(0, .committed(LogIndex(2)))
        story.append([first[0]], on: [2])
        #expect(story.verdict == nil)
        story.note(1, .becameLeader(Epoch(2)))
        #expect(story.verdict == nil)
        story.note(2, .becameLeader(Epoch(3)))
        #expect(story.verdict == .leaderCompleteness)
    }

    @Test func `excuse a stale leader from what a later one has committed`() {
        var story = Story()
        story.note(1, .becameLeader(Epoch(2)))
        story.append([.started(1, epoch: 2, by: 1)], on: [1, 2])
        story.note(1, .committed(LogIndex(1)))
        story.note(0, .becameLeader(Epoch(1)))
        #expect(story.verdict == nil)
    }

    @Test func `see a commit that is told late and that a later leader lacks`() {
        var story = Story()
        story.note(0, .becameLeader(Epoch(1)))
        story.note(2, .becameLeader(Epoch(2)))
        story.append([.started(1)], on: [0, 1])
        story.note(0, .committed(LogIndex(1)))
        #expect(story.verdict == .leaderCompleteness)
    }

    @Test func `see entries of earlier epochs committed by counting`() {
        var story = Story()
        story.append([.started(1)], on: [0, 1])
        story.note(0, .becameLeader(Epoch(3)), .committed(LogIndex(1)))
        #expect(story.verdict == .leaderCompleteness)
    }
}

extension Story {
    mutating func vote(
        _ server: Int, in round: UInt64, for candidate: UInt32, durable: Bool = true,
        disk: UInt64? = nil
    ) {
        let node = NodeID(UInt32(server))
        let ballot = Ballot(round: Epoch(round), vote: NodeID(candidate))
        write(server, .ballot(ballot), durable: durable)
        let disk = DiskID(disk ?? UInt64(server) + 1)
        let identifier = CandidateID(
            epoch: .zero, index: .zero, node: NodeID(candidate))
        let elected = Elected(
            round: Epoch(round), candidate: identifier,
            serial: TokenSerial(boot: Boot(1), number: 1),
            voters: [MemberDisk(node: node, disk: disk)], refusedRound: .zero)
        let message = Message(stamp: stamp(of: node), body: .elected(elected))
        tell(.timer(.heartbeat), node, [.datagram(message, to: NodeID(candidate))])
    }
}
