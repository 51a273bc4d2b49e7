import Logging
import StateMachine
import SyncNetProtocol

// What people read about a server's course.
extension ServerWorld {
    func report(_ report: Report) {
        let (level, line) = line(for: report)
        logger.log(level: level, "\(line)")
        if level == .critical { lastWord = line }
    }

    private func line(for report: Report) -> (Logger.Level, String) {
        switch report {
        case .looking: (.info, "looking for the other servers")
        case .formed(let cluster):
            (.info, "the cluster \(cluster) is formed")
        case .recovering:
            (.notice, "this disk is new to the cluster: the others fill it, then admit it")
        case .recovered: (.notice, "the disk is filled: a full member again")
        case .otherCluster(let peer):
            (
                .error,
                "\(name(of: peer)) belongs to another cluster or has other servers configured: "
                    + "give all servers the same configuration and its own data directory each"
            )
        case .suspected(let peer): (.warning, "\(name(of: peer)) does not answer: taken for dead")
        case .trusted(let peer): (.info, "\(name(of: peer)) is there")
        case .electing(let epoch): (.info, "electing a leader, round \(epoch.number)")
        case .leading(let epoch): (.notice, "elected: this server leads epoch \(epoch.number)")
        case .following(let leader, let epoch):
            (.notice, "following \(name(of: leader)), which leads epoch \(epoch.number)")
        case .steppedDown(let epoch, let reason):
            (.warning, "leads epoch \(epoch.number) no more: \(explanation(of: reason))")
        case .changing(let node):
            (.info, "asks the others to agree to whether \(name(of: node)) is a member")
        case .added(let node): (.notice, "\(name(of: node)) is a member from now on")
        case .removed(let node) where node == settings.configuration.me:
            (.critical, "this server was removed from the cluster: ending")
        case .removed(let node): (.notice, "\(name(of: node)) is a member no more")
        case .otherMembers(let ids):
            (
                .critical,
                "the cluster was formed of \(ids.map(\.string).joined(separator: ", ")): the "
                    + "configured servers have to begin with these, in this order, and others "
                    + "come after them"
            )
        case .otherDisk(let owner):
            (
                .critical,
                "what is in its directory are the data of \(name(of: owner)), not its own: two "
                    + "servers must not have the same. Empty it, and the others fill it again "
                    + "(syncnet wipe-and-rejoin)"
            )
        case .journalFailed(.full): (.critical, "the disk is full: stepping down")
        case .journalFailed(.broken): (.critical, "the disk failed: ending")
        case .journalFailed(.damaged): (.critical, "what it kept is damaged: ending")
        }
    }

    private func explanation(of reason: StepDown) -> String {
        switch reason {
        case .higherRound: "another round has begun"
        case .noQuorum: "too few servers answer"
        case .diskHangs: "its disk does not answer"
        case .noStreams: "it has no connections with enough of the others"
        case .clockStands: "its clock stands still"
        case .tooSlow: "its questions to the others take too long"
        }
    }
}
