/// Known bugs that tests plant to see whether the simulator finds them.
///
/// Handed over at construction; nothing outside tests and the simulator can make any.
package struct PlantedBugs: OptionSet, Sendable {
    package var rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    private init(bit: UInt64) { rawValue = 1 << bit }

    package static let e1SmallerTokensForwarded = PlantedBugs(bit: 0)
    package static let e2OwnTokenNotRecognised = PlantedBugs(bit: 1)
    package static let e3NoSecondLap = PlantedBugs(bit: 2)
    package static let e4ElectedCirclesOn = PlantedBugs(bit: 3)
    package static let e5NeighbourNotRecomputed = PlantedBugs(bit: 4)
    package static let e7RoundNotDurable = PlantedBugs(bit: 5)
    package static let e8TokenNotSentAgain = PlantedBugs(bit: 6)
    package static let e10NoQuorumOfVoters = PlantedBugs(bit: 7)
    package static let e11LowerRoundAccepted = PlantedBugs(bit: 8)
    package static let e12CandidacyNotCleared = PlantedBugs(bit: 9)
    package static let f1DeadlineNotMoved = PlantedBugs(bit: 10)
    package static let f2SuspicionNeverWithdrawn = PlantedBugs(bit: 11)
    package static let f5DeafLeaderLeads = PlantedBugs(bit: 12)
    package static let f9LeaderIgnoresHungDisk = PlantedBugs(bit: 13)
    package static let r1QuorumIsHalf = PlantedBugs(bit: 14)
    package static let r2AnswerCountedTwice = PlantedBugs(bit: 15)
    package static let r4LeaderCountsUndurable = PlantedBugs(bit: 16)
    package static let r5CommitsEarlierEpochs = PlantedBugs(bit: 17)
    package static let r6VoteIgnoresLog = PlantedBugs(bit: 18)
    package static let r7PreviousNotChecked = PlantedBugs(bit: 19)
    package static let r9CommitBeyondVerified = PlantedBugs(bit: 20)
    package static let r11LowerEpochAppended = PlantedBugs(bit: 21)
    package static let r12VoteNotDurable = PlantedBugs(bit: 22)
    package static let r15OldVotersCounted = PlantedBugs(bit: 23)
    package static let r16ReadsWithoutQuorum = PlantedBugs(bit: 24)
    package static let r18AckBeforeQuorum = PlantedBugs(bit: 25)
    package static let r19NoStepDown = PlantedBugs(bit: 26)
    package static let r20AckAfterVote = PlantedBugs(bit: 27)
    package static let r21HeardIsAnswered = PlantedBugs(bit: 28)
    package static let s1SynchronousOff = PlantedBugs(bit: 29)
    package static let l1NoMaximumOnReceive = PlantedBugs(bit: 30)
    package static let l2NoIncrementOnSend = PlantedBugs(bit: 31)
    package static let l6ShownBeforeCommit = PlantedBugs(bit: 32)
    package static let c1RetryAppliedTwice = PlantedBugs(bit: 33)
    package static let c2SessionsNotDurable = PlantedBugs(bit: 34)
    package static let c4SessionPerConnection = PlantedBugs(bit: 35)
    package static let c8BelowLastIsDone = PlantedBugs(bit: 36)
    package static let l3OrderByArrival = PlantedBugs(bit: 37)
    /// Of ``FreshnessDetector`` only, which no server runs: not in the catalogue, whose bugs
    /// the simulator has to find.
    package static let f7FreshOneIntervalLonger = PlantedBugs(bit: 38)

    package static let s2FailedSyncRetried = PlantedBugs(bit: 39)
    package static let s5FullDiskIsSuccess = PlantedBugs(bit: 40)
    package static let s6ChecksumsIgnored = PlantedBugs(bit: 41)
    package static let s8ShortReadIsTheEnd = PlantedBugs(bit: 42)

    /// Every bug with its id in the catalogue.
    package static let catalogue: [(id: String, bug: PlantedBugs)] = [
        ("E1", .e1SmallerTokensForwarded), ("E2", .e2OwnTokenNotRecognised),
        ("E3", .e3NoSecondLap), ("E4", .e4ElectedCirclesOn), ("E5", .e5NeighbourNotRecomputed),
        ("E7", .e7RoundNotDurable), ("E8", .e8TokenNotSentAgain), ("E10", .e10NoQuorumOfVoters),
        ("E11", .e11LowerRoundAccepted), ("E12", .e12CandidacyNotCleared),
        ("F1", .f1DeadlineNotMoved), ("F2", .f2SuspicionNeverWithdrawn),
        ("F5", .f5DeafLeaderLeads), ("F9", .f9LeaderIgnoresHungDisk), ("R1", .r1QuorumIsHalf),
        ("R2", .r2AnswerCountedTwice), ("R4", .r4LeaderCountsUndurable),
        ("R5", .r5CommitsEarlierEpochs), ("R6", .r6VoteIgnoresLog), ("R7", .r7PreviousNotChecked),
        ("R9", .r9CommitBeyondVerified), ("R11", .r11LowerEpochAppended),
        ("R12", .r12VoteNotDurable), ("R15", .r15OldVotersCounted),
        ("R16", .r16ReadsWithoutQuorum), ("R18", .r18AckBeforeQuorum), ("R19", .r19NoStepDown),
        ("R20", .r20AckAfterVote), ("R21", .r21HeardIsAnswered), ("S1", .s1SynchronousOff),
        ("S2", .s2FailedSyncRetried), ("S5", .s5FullDiskIsSuccess),
        ("S6", .s6ChecksumsIgnored), ("S8", .s8ShortReadIsTheEnd),
        ("L1", .l1NoMaximumOnReceive), ("L2", .l2NoIncrementOnSend), ("L3", .l3OrderByArrival),
        ("L6", .l6ShownBeforeCommit), ("C1", .c1RetryAppliedTwice), ("C2", .c2SessionsNotDurable),
        ("C4", .c4SessionPerConnection), ("C8", .c8BelowLastIsDone),
    ]
}
