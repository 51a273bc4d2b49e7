import SyncNetProtocol

/// Turns what is seen of a cluster, again and again, into the few lines that are news.
struct Herald {
    private struct Reign: Equatable {
        var leader: String
        var epoch: UInt64
    }

    private let began = ContinuousClock.now
    private var reign: Reign?
    private var lost: ContinuousClock.Instant?
    private var wasHealthy = false

    /// What to say about it; nothing where nothing has changed.
    mutating func hear(_ health: ClusterHealth) -> [String] {
        guard health.leaders.count < 2 else { return [health.sentence] }
        return news(of: health.leaders.first) + news(ofHealth: health)
    }

    private mutating func news(of leader: ClusterHealth.Seen?) -> [String] {
        guard let leader, let status = leader.status else {
            guard let former = reign, lost == nil else { return [] }
            lost = .now
            return ["\(former.leader) leads no more: the others elect"]
        }
        let new = Reign(leader: leader.id, epoch: status.epoch.number)
        defer { (reign, lost) = (new, nil) }
        guard new != reign else { return lost == nil ? [] : ["\(new.leader) leads again"] }
        let since =
            switch (reign, lost) {
            case (nil, _): "\(Self.seconds(since: began)) s after the start"
            case (_, let lost?): "after \(Self.seconds(since: lost)) s without a leader"
            case (_, nil): "at once"
            }
        return ["\(new.leader) leads epoch \(new.epoch), \(since)"]
    }

    private mutating func news(ofHealth health: ClusterHealth) -> [String] {
        let isHealthy = health.verdict == .healthy
        defer { wasHealthy = isHealthy }
        guard isHealthy, !wasHealthy else { return [] }
        return ["all \(health.servers.count) servers are online, the cluster is healthy"]
    }

    private static func seconds(since moment: ContinuousClock.Instant) -> String {
        let tenths = Int((moment.duration(to: .now) / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
