package import SyncNetProtocol

/// A run of real servers: what their clients asked and were told, in the order in which that
/// happened, and what stands on the servers' disks at the end.
package struct RecordedRun: Sendable {
    /// The rooms.
    package var rooms: [Text]
    /// What clients asked and were told.
    package var events: [RecordedEvent]
    /// What the servers have, once all of them had come to the same log's end.
    package var servers: [RecordedServer]

    /// Makes a run.
    package init(rooms: [Text], events: [RecordedEvent], servers: [RecordedServer]) {
        self.rooms = rooms
        self.events = events
        self.servers = servers
    }
}

/// What is said of a run.
package struct RecordedVerdict: Sendable {
    /// The promises that were broken.
    package var breaches: [Breach]
    /// How many requests linearizability was judged on.
    package var judged: UInt64
    /// Rooms whose linearizability nobody could judge in the time there is.
    package var undecided: UInt64
}

extension RecordedRun {
    /// So many breaches are told: one usually causes others.
    private static let breachesMax = 20

    /// Judges it.
    package func verdict() -> RecordedVerdict {
        guard let first = servers.max(by: { $0.applied < $1.applied }) else {
            return RecordedVerdict(breaches: [], judged: 0, undecided: 0)
        }
        var breaches = servers.compactMap(\.flaw)
        for other in servers where other.name != first.name {
            breaches += differences(of: other, from: first)
        }
        var judge = RecordJudge(rooms: rooms, messages: first.rooms, applied: first.applied)
        breaches += judge.standing()
        for event in events where breaches.count < Self.breachesMax {
            if let breach = judge.take(event) { breaches.append(breach) }
        }
        if let breach = judge.unsaid() { breaches.append(breach) }
        if let breach = judge.histories.verdict() { breaches.append(breach) }
        return RecordedVerdict(
            breaches: Array(breaches.prefix(Self.breachesMax)), judged: judge.histories.judged,
            undecided: judge.histories.undecided)
    }

    /// All servers have one log. What is applied is written with the next entries, so that on
    /// disks the end may not be applied everywhere.
    private func differences(of other: RecordedServer, from first: RecordedServer) -> [Breach] {
        var breaches: [Breach] = []
        let names = "\(first.name.string) and \(other.name.string)"
        if other.last < first.applied {
            let detail =
                "\(other.name.string) has \(other.last.number) entries, \(first.name.string) has "
                + "applied \(first.applied.number), long after all was well"
            breaches.append(Breach(.liveness, detail))
        }
        let common = min(first.chains.count, other.chains.count)
        if let place = (0..<common).first(where: { first.chains[$0] != other.chains[$0] }) {
            let detail = "the logs of \(names) differ from index \(place + 1) on"
            breaches.append(Breach(.logMatching, detail))
        }
        for (room, name) in rooms.enumerated() {
            let applied = first.rooms[room].prefix { $0.index <= other.applied }
            guard !applied.elementsEqual(other.rooms[room]) else { continue }
            let detail = "\(names) have different messages in \(name.string)"
            breaches.append(Breach(.stateMachineSafety, detail))
        }
        return breaches
    }
}
