import StateMachine

extension Server {
    /// What has to hold after every event; a planted bug may break it, which is for the
    /// checkers to find.
    package func checkInvariants() {
        guard bugs == [] else { return }
        precondition(applied <= commit, "applied \(applied) beyond commit \(commit)")
        precondition(commit <= log.last, "commit \(commit) beyond the log's end \(log.last)")
        precondition(log.durable <= log.last, "durable \(log.durable) beyond \(log.last)")
        precondition(
            log.cacheFirst <= applied.next,
            "memory begins at \(log.cacheFirst), applied \(applied)")
        guard case .leading(let leading) = role else { return }
        precondition(
            ballot == Ballot(round: leading.epoch, vote: me),
            "leads \(leading.epoch) with \(ballot)")
        precondition(
            log.lastEpoch == leading.epoch,
            "leads \(leading.epoch), its log ends in \(log.lastEpoch)")
    }
}
