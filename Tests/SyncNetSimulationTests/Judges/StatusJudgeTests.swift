import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of what servers say of themselves` {
    let second = Interval.seconds(1)

    @Test func `believes a leader that nobody has replaced`() {
        var judge = StatusJudge(confirmation: second)
        judge.becameLeader(NodeID(0), Epoch(1), at: .zero)
        #expect(judge.claimed(NodeID(0), at: .zero + .seconds(100)) == nil)
        judge.becameLeader(NodeID(1), Epoch(2), at: .zero + .seconds(100))
        #expect(judge.claimed(NodeID(0), at: .zero + .seconds(101)) == nil)
    }

    @Test func `sees a leader that was replaced longer ago than it may not know`() {
        var judge = StatusJudge(confirmation: second)
        judge.becameLeader(NodeID(0), Epoch(1), at: .zero)
        judge.becameLeader(NodeID(1), Epoch(2), at: .zero + .seconds(100))
        let late = Instant.zero + .milliseconds(101_001)
        #expect(judge.claimed(NodeID(0), at: late)?.property == .honestStatus)
        #expect(judge.claimed(NodeID(2), at: late)?.property == .honestStatus)
    }

    @Test func `reads a status line as the guide's monitor does`() {
        #expect(Text("I am the LEADER of epoch 3").saysLeader)
        #expect(!Text("following").saysLeader)
        #expect(!Text("lead").saysLeader)
    }
}
