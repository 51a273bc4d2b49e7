package import StateMachine

// A clock may stand still, and what was to be found out by waiting is not found out then. Most goes
// on by what others send. But a leader to which no streams are left would answer the heartbeats of
// the others, commit nothing, and be followed for ever.
extension Server {
    /// For how many death times the heartbeats of a quorum may come while no timer of this server
    /// fires.
    private static let stillDeathTimes: UInt64 = 3

    /// A heartbeat came that the peer's timer had sent. When so many have come from as many members
    /// as make a quorum with this one, its own clock stands still, or as good as that: those of one
    /// alone may be late ones, all at once.
    package mutating func noteTick(of peer: NodeID, into effects: inout Effects<SyncNet>) {
        let slot = Int(peer.rank)
        if peers[slot].ticksSince != ticks {
            peers[slot].ticksSince = ticks
            peers[slot].ticks = 0
        }
        let most = timing.death.nanoseconds * Self.stillDeathTimes / timing.heartbeat.nanoseconds
        if peers[slot].ticks <= most {
            peers[slot].ticks += 1
            if peers[slot].ticks > most, membership.contains(peer) { tickers += 1 }
        }
        guard isLeading, isClockStill, standsBack else { return }
        note(.stillLeaderGaveWay, into: &effects)
        stepDown(.clockStands, into: &effects)
        // They would hear of it when they ask, and have no reason to.
        sendHeartbeats(wantAnswers: false, into: &effects)
    }

    /// Its timer has fired, so that its clock goes.
    package mutating func noteOwnTick() {
        ticks &+= 1
        tickers = 0
    }

    /// Whether its clock stands still, as far as the heartbeats of others tell.
    package var isClockStill: Bool {
        !isAlone && tickers + (membership.contains(me) ? 1 : 0) >= quorum
    }

    /// Whether others are to lead: those that have streams. With a clock that stands still only
    /// those count that are there at this moment.
    package var standsBack: Bool { isStreamless || isClockStill && !isConnectedWithQuorum }

    private var isConnectedWithQuorum: Bool {
        let connected = otherMembers.count {
            isConnected(with: $0) && !peers[Int($0.rank)].isRecovering
        }
        return connected + (membership.contains(me) ? 1 : 0) >= quorum
    }
}
