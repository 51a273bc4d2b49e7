import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of the exact count` {
    /// A ring of three that elects the third: tokens take 1, 1 and 3 steps, votes 3.
    private func election(steps: [Int] = [1, 1, 3], votes: Int = 3) -> TokenJudge {
        var judge = TokenJudge(servers: 3)
        for (rank, count) in steps.enumerated() {
            for _ in 0..<count { judge.sent(.token(token(UInt32(rank)))) }
        }
        let elected = Elected(
            round: Epoch(1), candidate: candidate(2),
            serial: TokenSerial(boot: Boot(1), number: 9), voters: [], refusedRound: .zero)
        for _ in 0..<votes { judge.sent(.elected(elected)) }
        judge.noted(.becameLeader(Epoch(1)), by: NodeID(2))
        return judge
    }

    private func candidate(_ rank: UInt32, index: UInt64 = 0) -> CandidateID {
        CandidateID(epoch: .zero, index: LogIndex(index), node: NodeID(rank))
    }

    private func token(_ rank: UInt32, index: UInt64 = 0, number: UInt64 = 1) -> Token {
        Token(
            round: Epoch(1), candidate: candidate(rank, index: index),
            serial: TokenSerial(boot: Boot(1), number: number), passed: 1)
    }

    @Test func `lets a token go as far as the next larger identifier`() {
        #expect(election().verdict() == nil)
        #expect(election().isExact)
    }

    @Test func `sees one step too many and one too few`() {
        #expect(election(steps: [2, 1, 3]).verdict()?.property == .exactCount)
        #expect(election(steps: [1, 1, 2]).verdict()?.property == .exactCount)
        #expect(election(steps: [1, 1, 4]).verdict()?.property == .exactCount)
    }

    @Test func `does not ask for tokens that nobody started`() {
        #expect(election(steps: [0, 1, 3]).verdict() == nil)
    }

    @Test func `sees a second lap that is not one step for each server`() {
        #expect(election(votes: 2).verdict()?.property == .exactCount)
        #expect(election(votes: 4).verdict()?.property == .exactCount)
    }

    @Test func `compares logs before names`() {
        var judge = TokenJudge(servers: 3)
        // The first server has the longest log: its token goes round, the others' end there.
        for _ in 0..<3 { judge.sent(.token(token(0, index: 5))) }
        for _ in 0..<2 { judge.sent(.token(token(1))) }
        judge.sent(.token(token(2)))
        let elected = Elected(
            round: Epoch(1), candidate: candidate(0, index: 5),
            serial: TokenSerial(boot: Boot(1), number: 9), voters: [], refusedRound: .zero)
        for _ in 0..<3 { judge.sent(.elected(elected)) }
        judge.noted(.becameLeader(Epoch(1)), by: NodeID(0))
        #expect(judge.verdict()?.property == .exactCount, "s2's token ends at s3")
    }

    @Test func `counts nothing where a token was sent again or a server passed over`() {
        var judge = election()
        judge.sent(.token(token(2, number: 2)))
        #expect(!judge.isExact)
        #expect(judge.verdict() == nil)
        judge = election(steps: [2, 2, 2])
        judge.noted(.neighbourPassedOver(NodeID(1)), by: NodeID(0))
        #expect(judge.verdict() == nil)
    }
}
