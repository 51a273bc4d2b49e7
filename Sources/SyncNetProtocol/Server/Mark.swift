public import StateMachine

/// Facts that machines note for traces, counters and checkers. No decision follows from one.
public enum Mark: Equatable, Sendable {
    /// The cluster is formed, as this server knows it.
    case formed(ClusterID)
    /// The server has an empty disk, or one that was not admitted: it recovers.
    case recovering
    /// The server is a full member.
    case admitted
    /// A server that was never a member holds what the cluster has.
    case caughtUp
    /// The server was removed from the cluster, and ends.
    case retired
    /// A peer is taken for dead.
    case suspected(NodeID)
    /// A peer that was taken for dead was heard.
    case trusted(NodeID)
    /// The server looks for a leader.
    case searching(Epoch)
    /// A token of its own went out.
    case tokenSent(Lap, Epoch)
    /// A token went on to the next neighbour.
    case tokenForwarded(Lap, origin: NodeID)
    /// A smaller token was swallowed.
    case tokenSwallowed(origin: NodeID)
    /// A token was kept back, since a leader lives.
    case tokenKept(origin: NodeID)
    /// A token came home after this many servers.
    case tokenHome(Lap, passed: Int)
    /// A neighbour did not take a token and was passed over.
    case neighbourPassedOver(NodeID)
    /// A vote is asked to be made durable.
    case voteIssued(Epoch, for: NodeID)
    /// A vote was refused.
    case voteRefused(Epoch, for: NodeID)
    /// This server leads.
    case becameLeader(Epoch)
    /// This server no longer leads.
    case steppedDown(Epoch, StepDown)
    /// This server follows a leader.
    case following(NodeID, Epoch)
    /// The commit index moved.
    case committed(LogIndex)
    /// An entry was applied, with what came of it; nil for what is no command.
    indirect case applied(Entry, Outcome?)
    /// A conflicting tail was cut from the log.
    case cut(from: LogIndex)
    /// A log tells a follower to go back.
    case conflict(LogIndex)
    /// A write was acknowledged to a client of this server.
    case acknowledged(LogIndex)
    /// A linearizable read was answered, as of this index.
    case readAnswered(LogIndex)
    /// A retry met its first copy, in the log or in the table.
    case retryMet
    /// A request was refused.
    case refused(NackReason)
    /// A session was forgotten to make room.
    case sessionEvicted
    /// A message of a peer made no sense and was dropped.
    case dropped(Drop)
    /// A rare but legal situation was reached.
    case sometimes(Sometimes)
}

/// Why a leader stopped leading.
public enum StepDown: UInt8, Equatable, Sendable, CaseIterable {
    /// It saw a higher round.
    case higherRound
    /// No quorum answered for the death time.
    case noQuorum
    /// Its own disk did not answer for the death time.
    case diskHangs
    /// No quorum confirmed it while a read waited for half the time that requests have.
    case tooSlow
    /// It had no streams with a quorum for twice the death time.
    case noStreams
    /// Its timers don't fire, while the heartbeats of others come.
    case clockStands
}

/// Why a message was dropped.
public enum Drop: UInt8, Equatable, Sendable, CaseIterable {
    /// Of another cluster.
    case otherCluster
    /// Its Lamport stamp can't be believed.
    case stamp
    /// Of an earlier boot, or older than one already seen.
    case stale
    /// It does not belong on that way, or to this server's role.
    case misplaced
    /// Its previous entry, index or count contradicts itself.
    case contradictory
    /// More than this server takes on.
    case overLimit
    /// Its round is one to which no elections get.
    case round
}
