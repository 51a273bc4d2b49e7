/// Rare but legal situations; a campaign that never reaches one is blind there.
public enum Sometimes: UInt8, Equatable, Sendable, CaseIterable {
    /// A deposed leader had entries that were not committed.
    case deposedLeaderHadUncommitted
    /// A follower cut a tail.
    case followerCutTail
    /// A token met a server that heard a live leader.
    case tokenMetLiveLeader
    /// A server was served by a peer in the leader's place.
    case servedThroughPeer
    /// A candidacy failed for want of votes.
    case candidacyFailed
    /// A vote was asked of a server whose log was ahead.
    case candidateBehind
    /// A durable append was not acknowledged, since a higher round was promised meanwhile.
    case acknowledgementWithheld
    /// A follower was fed from storage.
    case fedFromStorage
    /// A request was sent on again after the leader changed.
    case relayedAgain
    /// A relay's outcome stayed unknown.
    case unknownOutcome
    /// A read waited for the state to catch up.
    case readWaited
    /// A congested client fell back to its history.
    case pushFellBehind
    /// A page waited for the Lamport clock's ceiling.
    case pageWaitedForCeiling
    /// A message waited for the Lamport clock's ceiling.
    case waitedForCeiling
    /// A server that asks again and again who is there was served in the leader's place.
    case servedWhoAsks
    /// A follower heard its leader, and was not fed by it.
    case starvedFollower
    /// A token was not taken, since no quorum hears this server.
    case tokenNotTaken
    /// A restart found applied state behind its log.
    case restartReplayed
    // Election.
    /// A server's own token of an earlier start came home.
    case tokenOfFormerStartCameHome
    /// A token came that was seen before.
    case tokenCameAgain
    /// A token came whose round was over.
    case roundWasOver
    /// A server that can't compare passed a token on.
    case tokenPassedUncompared
    /// A token made a follower look for a leader.
    case followerTookToken
    /// A token came home without having passed a quorum.
    case tokenHomeWithoutQuorum
    /// A token came home to a server that no quorum hears.
    case candidateUnheard
    /// Tokens brought no result, and one was given to all who live.
    case tokenGivenToAll
    /// The ring did not get round, and everybody was asked for a vote directly.
    case electedDirectly
    /// A peer that was asked directly for a vote answered neither yes nor no.
    case votelessPeer
    /// A neighbour did not take a token and was passed over.
    case tokenMetDeadNeighbour
    /// A token found nobody who takes it.
    case tokenFoundNoTaker
    /// A token ended at a server that can't reach its origin.
    case tokenMetDeadEnd
    /// A token that was kept for a leader went on, since the leader is gone.
    case keptTokenSetFree
    /// A server that can't vote passed the second lap on.
    case voterAbstained
    /// A vote was asked for again in the same round.
    case voteAskedAgain
    /// A vote of an earlier start was asked for again.
    case voteAskedAgainAfterRestart
    /// A second lap waited for a vote to be durable.
    case voteWaitedForDisk
    /// A second vote in one round was refused.
    case secondVoteRefused
    /// A vote was refused in a round that is over.
    case lateCandidacyRefused
    /// A leader voted for another one.
    case leaderVotedForAnother
    /// A second lap was sent again.
    case secondLapSentAgain
    /// A second lap came home to a server that is candidate no more.
    case secondLapCameLate
    /// A quorum came together from two second laps.
    case votersAddedUp
    /// A candidacy ended since a higher round is known.
    case candidacyOverruled
    /// A leader began with entries that are not known to be committed.
    case ledWithUncommittedTail
    // Failure detection.
    /// A heartbeat was overtaken by a later one, or came twice.
    case heartbeatOvertaken
    /// A heartbeat came that was sent before its sender's disk was wiped.
    case formerDiskSpoke
    /// A peer came back with another disk.
    case peerCameBackWiped
    /// A peer was heard after a restart.
    case peerRestarted
    /// A leader said itself that it leads no more.
    case leaderGaveUp
    /// A follower spoke that had not been told yet what is committed.
    case commitToldLate
    /// A peer was found to live and not to hear this server.
    case peerStoppedHearing
    /// A leader without a quorum found that a peer which speaks has answered nothing.
    case leaderNotAnswered
    /// A peer that did not hear this server does again.
    case peerHearsAgain
    /// A probe was answered after another one had been left unanswered.
    case probeAnsweredLate
    /// A probed peer answered nothing and was suspected.
    case probesUnanswered
    /// A peer that was taken for dead was heard.
    case suspicionWithdrawn
    /// A server that was fed by a peer heard the leader itself.
    case fedServerHeardLeader
    /// A leader stepped down for want of answers.
    case leaderLostQuorum
    /// A leader stepped down, since it was not confirmed while requests waited for that.
    case leaderTooSlow
    /// A leader stepped down, since it had no streams with a quorum.
    case leaderStreamless
    /// A server without streams with a quorum asked one with which it has some to serve it.
    case streamlessAsked
    /// A server that leads, or hears the leader, passed on a token whose origin it could not feed.
    case tokenLeftToFeeder
    /// A server did not follow a leader that had fed it nothing.
    case starvedByLeader
    /// A leader without streams found, by the heartbeats of others, that its clock stands still.
    case stillLeaderGaveWay
    /// A server that can't feed the origin of a token told it that a leader lives.
    case toldOfLeaderInVain
    /// A server without streams passed on a smaller token than its own.
    case streamlessPassedToken
    /// A leader stepped down since its disk hung.
    case leaderDiskHung
    /// A peer spoke that had not confirmed what waits, and was asked again.
    case confirmationAskedAgain
    /// Reads waited for a leader that stepped down.
    case readsRefusedAtStepDown
    // Replication.
    /// Entries waited since a follower had not answered enough.
    case pipelineWasFull
    /// Entries came from the journal that are not the next ones any more.
    case fetchedTooLate
    /// A leader was told of a higher round by a follower.
    case appendRefused
    /// A follower answered in an epoch that is over.
    case answerOfFormerEpoch
    /// A follower answered with another disk than before.
    case followerAnsweredWithNewDisk
    /// A quorum held an entry that only a later epoch may commit.
    case earlierEpochWaited
    /// An entry was committed before the leader's own disk had it.
    case committedBeforeOwnDisk
    /// Entries of earlier epochs were committed by one of a new leader.
    case tailCommittedByNewEpoch
    /// A follower left appends unanswered and was asked where it is.
    case followerAskedAgain
    /// An append of an epoch that is over was refused.
    case appendOfFormerEpochRefused
    /// An append followed on an entry that is not there.
    case previousMissing
    /// A follower asked for a whole epoch anew.
    case steppedBackAnEpoch
    /// An append brought nothing new.
    case appendRepeated
    /// An append brought what was there, and more.
    case appendOverlapped
    /// A tail was cut that was not durable yet.
    case cutBeforeDurable
    /// A server that feeds another one lost the leader itself.
    case feederLostLeader
    /// A request was passed on for a peer that can't reach the leader.
    case relayPassedOn
    // Ordering.
    /// Committed entries waited for the Lamport clock's ceiling.
    case applyWaitedForCeiling
    /// A message came before the first write was durable.
    case heardBeforeStart
    /// A stamp was too far ahead to be believed.
    case stampRefused
    // Rooms and sessions.
    /// A retry met its first copy in the log's tail.
    case retryMetCopyInFlight
    /// A retry met its outcome in the session table.
    case retryMetOutcome
    /// A retry met its outcome in a server that doesn't lead.
    case retryAnsweredHere
    /// A leader refused a request whose predecessor is missing.
    case gapRefused
    /// A leader refused a request of a forgotten session.
    case unknownSessionRefused
    /// The leader's word that a session is unknown came after it had become known here.
    case refusalWasLate
    /// A session was forgotten to make room.
    case sessionEvicted
    /// A join without session changed nothing, so it was answered as a read.
    case joinChangedNothing
    /// A member joined again.
    case joinedAlready
    /// Somebody left a room that they were not in.
    case leftWithoutMembership
    /// Somebody spoke in a room that they were not in.
    case spokeWithoutMembership
    /// The last member left a room.
    case roomWasEmptied
    /// A private room was made.
    case privateRoomMade
    /// A stranger wanted to enter a private room.
    case strangerKeptOut
    /// A stranger wanted to read a private room.
    case strangerReadRefused
    /// A former member's old join was answered again, and brought no subscription.
    case formerMemberKeptOut
    /// Somebody was made a member of a private room.
    case guestInvited
    // Search.
    /// A search found something.
    case searchFound
    /// A search waited until more of the log was indexed.
    case searchIndexed
    /// A search was done again, since the searcher had left a room meanwhile.
    case searchBegunAnew
    /// Somebody wanted to search in a room in which they are not.
    case searchRefused
    // Accounts.
    /// Somebody has logged in.
    case loggedIn
    /// Somebody could not log in.
    case loginRefused
    /// A join was answered when its sender was logged in no more.
    case joinedTooLate
    /// A page was there when whoever wanted to read it was logged in no more.
    case readTooLate
    /// A password was not looked at, since too many of its origin waited.
    case passwordTurnedAway
    // Formation and recovery.
    /// A new server found that the cluster is formed.
    case foundFormedCluster
    /// A new server was asked before it had been answered, and asked back.
    case newcomerAskedBack
    /// All were new again, and not with the disks that they had a moment before.
    case newcomersDiffered
    /// A recovering server heard an introduction that answers no question of it.
    case introductionUnasked
    /// A wiped server knew what it has to hold before it held it.
    case admissionWaitedForFeeding
    /// A wiped server became a full member again.
    case wipedServerAdmitted
    // Membership.
    /// A server that was never a member had caught up.
    case newcomerCaughtUp
    /// A server became a member.
    case memberAdded
    /// A member was removed.
    case memberRemoved
    /// A leader removed itself.
    case leaderRemovedItself
    /// A change of membership was cut from a log.
    case membershipCut
    /// A change of membership was refused, for it was not its time.
    case membershipChangeWaited
    // Servers and clients.
    /// A subscription began before the room's latest message.
    case subscribedBehind
    /// A subscription began further back while a page was on its way.
    case subscriptionBeganAnew
    /// A subscription needed another page.
    case catchUpTookPages
    /// A page waited in vain for this server to catch up.
    case readWaitedTooLong
    /// A read waited for the first commit of a new leader.
    case readWaitedForFirstCommit
    /// A page was cut at its limit.
    case pageCutAtLimit
    /// A page was empty.
    case pageWasEmpty
    /// A monitor was answered before a quorum had.
    case statusUnconfirmed
    /// A peer opened a stream while its former one was there.
    case streamReplaced
    /// A request went round a feeder that can't be reached.
    case relayWentRoundFeeder
    /// The leader answered what nobody waits for.
    case answerToNobody
    /// An entry was applied before the leader said where it stands.
    case appliedBeforeAnswer
    /// A request's place in the log was taken by another entry.
    case placeTakenByAnother
    /// A request was sent again, since what was applied at its place was not it.
    case sentAgainFromItsPlace
    /// A leader refused a request of which it may have taken an earlier copy.
    case refusedAfterEarlierCopy
    /// A request waited longer than it may.
    case requestExpired
    /// A client was gone when its request was applied.
    case clientLeftBeforeAnswer
    // The client machine.
    /// A client lost its server and went to the next one.
    case clientMovedOn
    /// A client gave up a server that did not answer.
    case clientGaveUpServer
    /// A client left a server that has no way to the leader.
    case clientLeftStuckServer
    /// A client was told to try again so often that it went elsewhere.
    case clientPausedTooOften
    /// A client sent an order again.
    case orderSentAgain
    /// A client was told that an earlier request is missing.
    case clientToldOfGap
    /// A client refused a text itself, since the servers had refused one as long.
    case textLimitLearned
    /// A client began another session.
    case sessionReplaced
    /// A client sent an order again whose outcome no server knew.
    case doubtSentAgain
    /// A message was pushed to a client twice.
    case pushRepeated
    /// A client had as many orders outstanding as it may.
    case windowWasFull
    /// A client asked a silent server for a sign.
    case signAsked
    /// A client that only listened left a server that knew no leader.
    case clientLeftLeaderless
    /// A client subscribed by a join that was acknowledged before.
    case subscribedByOldJoin
    /// A client joined anew, since its join may be forgotten.
    case joinedAnew
    /// A client found that it is no member of a private room any more.
    case clientExcluded
}
