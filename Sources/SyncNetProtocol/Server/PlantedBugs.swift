/// Known bugs that tests plant to see whether the simulator finds them.
///
/// Handed over at construction; nothing outside tests and the simulator can make any.
package struct PlantedBugs: OptionSet, Sendable {
    package var rawValue: UInt128
    package init(rawValue: UInt128) { self.rawValue = rawValue }

    private init(bit: UInt64) { rawValue = 1 << UInt128(bit) }

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
    /// Timeouts go by the wall clock: a step of it kills or revives everybody at once.
    package static let f3WallClock = PlantedBugs(bit: 43)
    /// A silent peer is suspected one interval late: the detection bound is broken.
    package static let f7SuspectsLate = PlantedBugs(bit: 44)
    /// A heartbeat's number is not looked at: an old one keeps the dead alive.
    package static let f8OldHeartbeatFresh = PlantedBugs(bit: 45)
    /// The ring is sorted by the text of the ids, a server's own place in it is its rank: with
    /// server9 and server10 tokens go astray.
    package static let l5RingByText = PlantedBugs(bit: 46)
    /// Datagrams are received into a buffer of 128 bytes: longer ones are cut silently. Of the
    /// simulation's codec.
    package static let x2ShortReceiveBuffer = PlantedBugs(bit: 47)
    /// A message in an unknown version ends the reader. Of the simulation's codec.
    package static let x3VersionKillsReader = PlantedBugs(bit: 48)
    /// A client's new connection gets the answers that its former one was owed.
    package static let x5AnswersOfFormerConnection = PlantedBugs(bit: 49)
    /// A wiped server takes part as before: it has forgotten votes and entries that count.
    package static let p1WipedDiskCounts = PlantedBugs(bit: 50)
    /// New servers form a cluster as soon as there are enough for a quorum, and anybody
    /// decides: several clusters come to be.
    package static let p2AnyQuorumForms = PlantedBugs(bit: 51)
    /// A wiped server asks for admission before the others told what it may have promised.
    package static let p3AdmittedUnfed = PlantedBugs(bit: 52)
    /// A request without a session is sent to the next leader too: it is applied twice.
    package static let p4PlainRelayedAgain = PlantedBugs(bit: 53)
    /// Relays are numbered from 1 at every start: a late answer ends another request.
    package static let p5RelayNumbersReused = PlantedBugs(bit: 54)
    /// A page after an index begins one index later: the message right after it is left out.
    package static let p6PageSkipsOne = PlantedBugs(bit: 55)
    /// A restart forgets the order in which sessions were used: it evicts others than the rest.
    package static let p7RestartForgetsUses = PlantedBugs(bit: 56)
    /// The Lamport ceiling on disk is the clock as it was, not ahead of it: a restart goes back.
    package static let p8CeilingNotAhead = PlantedBugs(bit: 57)
    /// Any stamp is believed: one absurd client uses up everybody's clock.
    package static let p9StampUnbounded = PlantedBugs(bit: 58)
    /// A page is read at once, whatever it has to show: old reads.
    package static let p10ReadDoesNotWait = PlantedBugs(bit: 59)
    /// A page shows the log's tail, committed or not.
    package static let p11PageShowsTail = PlantedBugs(bit: 60)
    /// A leave is not stored with the applied state: after a restart the member is back.
    package static let p12LeaveNotStored = PlantedBugs(bit: 61)
    /// A cut leaves the mark of what is durable where it was: what comes in its place is
    /// acknowledged before it is written.
    package static let p13CutKeepsDurable = PlantedBugs(bit: 62)
    /// Answers count whichever disk they come from: a wiped follower still holds everything.
    package static let p14FormerDiskCounts = PlantedBugs(bit: 63)
    /// A number beyond the next one of its session is applied: a lost request is skipped.
    package static let p15GapAccepted = PlantedBugs(bit: 64)
    /// A leader tells the monitor that it leads without asking a quorum.
    package static let p16StatusUnconfirmed = PlantedBugs(bit: 65)
    /// A restart forgets the latest message of each room: the next one seems to be the first.
    package static let p17LatestNotRestored = PlantedBugs(bit: 66)
    /// A client that is told "nobody knows" sends the order again under another number.
    package static let p18UnknownSentAnew = PlantedBugs(bit: 67)
    /// A new leader answers reads before an entry of its own is committed: it does not know
    /// yet how far its predecessor came.
    package static let p19ReadBeforeFirstCommit = PlantedBugs(bit: 68)
    /// The longer log wins, the later epoch only breaks ties: committed entries are lost.
    package static let p20LongerLogWins = PlantedBugs(bit: 69)
    /// A client resumes after the last index that it knows of, shown or not.
    package static let p21ResumesAfterSeen = PlantedBugs(bit: 70)
    /// Rooms compare by what their names look like: é and e with an accent are one.
    package static let p22NamesNormalised = PlantedBugs(bit: 71)

    /// A join that is answered again subscribes whoever sent it, member or not.
    package static let p23RetryShowsPrivateRoom = PlantedBugs(bit: 100)
    /// An invitation counts for readers as soon as it stands in the log, committed or not.
    package static let p24InvitationUncommitted = PlantedBugs(bit: 101)
    /// Messages of private rooms go to the multicast group like others.
    package static let p25PrivateRoomPublished = PlantedBugs(bit: 102)
    /// A restart forgets which rooms are private.
    package static let p26PrivacyNotRestored = PlantedBugs(bit: 103)
    /// A leader refuses gaps and sessions that it does not know without asking a quorum.
    package static let p27RefusedByItself = PlantedBugs(bit: 104)
    /// Whoever names a room searches in it, member or not.
    package static let p28SearchesAnyRoom = PlantedBugs(bit: 105)
    /// A search finds what an earlier one had indexed, and nothing that was said since.
    package static let p29IndexNotExtended = PlantedBugs(bit: 106)
    /// A client does not follow its rooms again on its next connection.
    package static let p30FollowsNoMore = PlantedBugs(bit: 107)
    /// Who fell behind stays there, though the connection has room again.
    package static let p31StaysBehind = PlantedBugs(bit: 108)
    /// A room begins where its join was acknowledged, not where it stands.
    package static let p32BeginsAtAnswer = PlantedBugs(bit: 109)
    /// A late copy of an append cuts all that came after it.
    package static let p33LateAppendCuts = PlantedBugs(bit: 110)
    /// A restart remembers its round, and not for whom it voted.
    package static let p34VoteForgotten = PlantedBugs(bit: 111)
    /// What a former leader had made sure of counts with the next one, too.
    package static let p35VerifiedByFormer = PlantedBugs(bit: 112)
    /// A changed account ends no login.
    package static let p36LoginOutlivesChange = PlantedBugs(bit: 113)
    /// A password that was changed while it was looked at is taken.
    package static let p37FormerPasswordTaken = PlantedBugs(bit: 114)
    /// Accounts are not restored at a start.
    package static let p38AccountsNotRestored = PlantedBugs(bit: 115)
    /// A login is good for every name.
    package static let p39LoginForAnyName = PlantedBugs(bit: 116)
    /// A join that was on its way when the account changed lets whoever sent it follow the room.
    package static let p40FollowsLoggedOut = PlantedBugs(bit: 117)
    /// What was asked for before the account changed is shown afterwards.
    package static let p41ReadsOutliveLogin = PlantedBugs(bit: 118)
    /// A leader that steps down answers what waits for the confirmation that it leads.
    package static let p42DeposedAnswersReads = PlantedBugs(bit: 119)
    /// Whoever is logged in may make themselves an operator.
    package static let p43OwnerBecomesOperator = PlantedBugs(bit: 120)
    /// Whoever was an operator stays one on an open connection, though the account has changed.
    package static let p44OperatorOutlivesChange = PlantedBugs(bit: 121)
    /// The largest page that is allowed is refused.
    package static let p45LargestPageRefused = PlantedBugs(bit: 122)
    /// A search for several words finds any of them.
    package static let p46SearchFindsAnyWord = PlantedBugs(bit: 123)
    /// A leader that has no streams with anybody leads on, as heartbeats are answered.
    package static let p47StreamlessLeads = PlantedBugs(bit: 124)
    /// A list of accounts that goes on after one that is gone leaves the next one out.
    package static let p48ListSkipsAccount = PlantedBugs(bit: 125)
    /// Who leaves a private room is shown it still on the other connections of that name.
    package static let p49NamesakeReadsOn = PlantedBugs(bit: 126)
    /// A leader changes the membership before an entry of its own epoch is committed.
    package static let m1ChangeBeforeOwnCommit = PlantedBugs(bit: 72)
    /// A leader begins a change of the membership while another one is not committed.
    package static let m2ChangesOverlap = PlantedBugs(bit: 73)
    /// A change of the membership counts only once it is applied.
    package static let m3CountsWhenApplied = PlantedBugs(bit: 74)

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
        ("C4", .c4SessionPerConnection), ("C8", .c8BelowLastIsDone), ("F3", .f3WallClock),
        ("F7", .f7SuspectsLate), ("F8", .f8OldHeartbeatFresh), ("L5", .l5RingByText),
        ("X2", .x2ShortReceiveBuffer), ("X3", .x3VersionKillsReader),
        ("X5", .x5AnswersOfFormerConnection), ("P1", .p1WipedDiskCounts),
        ("P2", .p2AnyQuorumForms), ("P3", .p3AdmittedUnfed), ("P4", .p4PlainRelayedAgain),
        ("P5", .p5RelayNumbersReused), ("P6", .p6PageSkipsOne), ("P7", .p7RestartForgetsUses),
        ("P8", .p8CeilingNotAhead), ("P9", .p9StampUnbounded), ("P10", .p10ReadDoesNotWait),
        ("P11", .p11PageShowsTail), ("P12", .p12LeaveNotStored), ("P13", .p13CutKeepsDurable),
        ("P14", .p14FormerDiskCounts), ("P15", .p15GapAccepted),
        ("P16", .p16StatusUnconfirmed), ("P17", .p17LatestNotRestored),
        ("P18", .p18UnknownSentAnew), ("P19", .p19ReadBeforeFirstCommit),
        ("P20", .p20LongerLogWins), ("P21", .p21ResumesAfterSeen),
        ("P22", .p22NamesNormalised), ("P23", .p23RetryShowsPrivateRoom),
        ("P24", .p24InvitationUncommitted), ("P25", .p25PrivateRoomPublished),
        ("P26", .p26PrivacyNotRestored), ("P27", .p27RefusedByItself),
        ("P28", .p28SearchesAnyRoom), ("P29", .p29IndexNotExtended),
        ("P30", .p30FollowsNoMore), ("P31", .p31StaysBehind), ("P32", .p32BeginsAtAnswer),
        ("P33", .p33LateAppendCuts), ("P34", .p34VoteForgotten),
        ("P35", .p35VerifiedByFormer), ("P36", .p36LoginOutlivesChange),
        ("P37", .p37FormerPasswordTaken), ("P38", .p38AccountsNotRestored),
        ("P39", .p39LoginForAnyName), ("P40", .p40FollowsLoggedOut),
        ("P41", .p41ReadsOutliveLogin), ("P42", .p42DeposedAnswersReads),
        ("P43", .p43OwnerBecomesOperator), ("P44", .p44OperatorOutlivesChange),
        ("P45", .p45LargestPageRefused), ("P46", .p46SearchFindsAnyWord),
        ("P47", .p47StreamlessLeads), ("P48", .p48ListSkipsAccount),
        ("P49", .p49NamesakeReadsOn),
        ("M1", .m1ChangeBeforeOwnCommit), ("M2", .m2ChangesOverlap), ("M3", .m3CountsWhenApplied),
    ]
}
