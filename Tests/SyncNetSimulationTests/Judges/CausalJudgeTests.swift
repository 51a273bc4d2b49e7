import DeterministicSimulation
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of happened-before` {
    private let server = NodeID(0)
    private let other = NodeID(1)
    private let ada = Story.client(0)
    private let bob = Story.client(1)

    /// Server 0 applied through index 7 and sent stamp 40; Ada heard of it, and told Bob's
    /// server, which told Bob; then Bob says something.
    private var told: CausalJudge {
        var judge = CausalJudge(servers: 2, clients: 2)
        judge.happened(1, at: server, reach: 7, sent: 40)
        judge.happened(2, at: server, reach: 7, sent: 45)
        judge.took(ada, sentIn: 2)
        judge.happened(3, at: ada, reach: 0, sent: 50)
        judge.took(other, sentIn: 3)
        judge.happened(4, at: other, reach: 2, sent: 51)
        judge.took(bob, sentIn: 4)
        judge.happened(5, at: bob, reach: 0, sent: 0)
        judge.said(bob, 99)
        return judge
    }

    @Test func `lets words stand behind all that could be known`() {
        var judge = told
        #expect(judge.applied(99, at: 8, stamp: 60) == nil)
    }

    @Test func `sees words that stand before what was known through others`() {
        var judge = told
        #expect(judge.applied(99, at: 7, stamp: 60)?.property == .causalOrder)
    }

    @Test func `sees a stamp that is not larger than one that its sender had sent before`() {
        var judge = told
        judge.happened(6, at: bob, reach: 0, sent: 55)
        judge.happened(7, at: bob, reach: 0, sent: 0)
        judge.said(bob, 98)
        #expect(judge.applied(98, at: 8, stamp: 55)?.property == .lamport)
    }

    @Test func `demands nothing of what could not be known`() {
        var judge = CausalJudge(servers: 2, clients: 2)
        judge.happened(1, at: server, reach: 7, sent: 40)
        judge.happened(2, at: bob, reach: 0, sent: 0)
        judge.said(bob, 99)
        #expect(judge.applied(99, at: 3, stamp: 2) == nil)
    }

    @Test func `counts a message that waits for the clock only when it is taken`() {
        for isReleased in [false, true] {
            var judge = CausalJudge(servers: 2, clients: 2)
            judge.happened(1, at: server, reach: 7, sent: 40)
            judge.happened(2, at: server, reach: 7, sent: 45)
            judge.parks(other, sentIn: 2)
            if isReleased { judge.releases(other) }
            judge.happened(3, at: other, reach: 0, sent: 3)
            judge.took(bob, sentIn: 3)
            judge.happened(4, at: bob, reach: 0, sent: 0)
            judge.said(bob, 99)
            let expected: Property? = isReleased ? .causalOrder : nil
            #expect(judge.applied(99, at: 7, stamp: 60)?.property == expected)
        }
    }

    @Test func `lets a server forget what it had heard and told nobody`() {
        for hasTold in [false, true] {
            var judge = CausalJudge(servers: 2, clients: 2)
            judge.happened(1, at: server, reach: 7, sent: 40)
            judge.took(other, sentIn: 1)
            judge.happened(2, at: other, reach: 0, sent: hasTold ? 41 : 0)
            judge.started(other, isNew: false)
            judge.happened(3, at: other, reach: 0, sent: 60)
            judge.took(bob, sentIn: 3)
            judge.happened(4, at: bob, reach: 0, sent: 0)
            judge.said(bob, 99)
            let expected: Property? = hasTold ? .causalOrder : nil
            #expect(judge.applied(99, at: 7, stamp: 70)?.property == expected)
        }
    }
}
