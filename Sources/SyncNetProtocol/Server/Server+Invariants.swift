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
        let roles = (search == nil ? 0 : 1) + (following == nil ? 0 : 1) + (leading == nil ? 0 : 1)
        precondition(roles == 1, "\(roles) roles at once")
        let epoch = leading?.epoch
        precondition(isLeading == (epoch != nil), "leads is \(isLeading), in \(epoch as Any)")
        guard let epoch else { return }
        precondition(
            ballot == Ballot(round: epoch, vote: me), "leads \(epoch) with \(ballot)")
        precondition(
            log.lastEpoch == epoch, "leads \(epoch), its log ends in \(log.lastEpoch)")
    }
}
