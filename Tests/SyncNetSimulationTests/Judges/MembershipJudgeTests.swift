import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of what an operator is told of members` {
    private let client = Story.client(0)

    private func removal(of rank: UInt32, at index: UInt64) -> Entry {
        Entry(
            index: LogIndex(index), epoch: Epoch(1), stamp: Stamp(index),
            payload: .memberRemoved(NodeID(rank), DiskID(1)))
    }

    private func judge() -> MembershipJudge {
        MembershipJudge(servers: 3, founders: 3, isChanging: true, ids: ["one", "two", "three"])
    }

    @Test func `lets it be told what became so, or was so when it asked`() {
        var judge = judge()
        judge.asked(client, order: 1, add: false, "two")
        judge.applied(removal(of: 1, at: 5))
        #expect(judge.answered(client, 1, isDone: true) == nil)
        judge.asked(client, order: 2, add: false, "two")
        #expect(judge.answered(client, 2, isDone: true) == nil)
    }

    @Test func `sees what is not so`() {
        var judge = judge()
        judge.asked(client, order: 1, add: false, "two")
        judge.asked(client, order: 2, add: false, "two")
        #expect(judge.answered(client, 1, isDone: false) == nil)
        #expect(judge.answered(client, 2, isDone: true)?.property == .durability)
        judge.applied(removal(of: 1, at: 5))
        judge.asked(client, order: 3, add: true, "two")
        #expect(judge.answered(client, 3, isDone: true)?.property == .durability)
    }

    @Test func `leaves alone what is about something else`() {
        var judge = judge()
        judge.asked(client, order: 1, add: false, "ada=secret")
        #expect(judge.answered(client, 1, isDone: true) == nil)
        #expect(judge.answered(client, 7, isDone: true) == nil)
    }
}
