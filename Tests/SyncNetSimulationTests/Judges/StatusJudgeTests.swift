import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of what servers say of themselves` {
    let second = Interval.seconds(1)

    /// The first of three leads in epoch 1; after 100 s the second does, in epoch 2.
    private func judge() -> StatusJudge {
        var judge = StatusJudge(servers: 3, confirmation: second)
        judge.becameLeader(NodeID(0), Epoch(1), at: .zero)
        judge.becameLeader(NodeID(1), Epoch(2), at: Self.at(100_000))
        return judge
    }

    private static func at(_ time: UInt64) -> Instant { .zero + .milliseconds(time) }

    @Test func `believes a leader that nobody has replaced before it was asked`() {
        let judge = judge()
        let (asked, told) = (Self.at(99_999), Self.at(100_900))
        #expect(judge.claimed(NodeID(0), askedAt: asked, at: told) == nil)
        #expect(judge.claimed(NodeID(1), askedAt: told, at: told) == nil)
    }

    @Test func `sees a leader that was replaced before it was asked, whatever its clock says`() {
        var judge = judge()
        let now = Self.at(100_001)
        #expect(judge.claimed(NodeID(0), askedAt: now, at: now)?.property == .honestStatus)
        judge.forget(NodeID(0))
        #expect(judge.claimed(NodeID(0), askedAt: now, at: now)?.property == .honestStatus)
        #expect(judge.claimed(NodeID(2), askedAt: now, at: now)?.property == .honestStatus)
    }

    @Test func `sees a leader that took too long to say so, if its clock is true`() {
        var judge = judge()
        let (asked, told) = (Self.at(99_999), Self.at(101_001))
        let breach = judge.claimed(NodeID(0), askedAt: asked, at: told)
        #expect(breach?.property == .honestStatus)
        judge.forget(NodeID(0))
        #expect(judge.claimed(NodeID(0), askedAt: asked, at: told) == nil)
    }

    @Test func `reads a status line as the guide's monitor does`() {
        #expect(Text("I am the LEADER of epoch 3").saysLeader)
        #expect(!Text("following").saysLeader)
        #expect(!Text("lead").saysLeader)
    }
}
