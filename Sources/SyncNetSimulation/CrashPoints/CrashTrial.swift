import StateMachine
import SyncNetProtocol
import SyncNetStorage

/// A workload on a disk that something happens to, and what has to be there afterwards.
struct CrashTrial {
    /// What a start and all reads find.
    enum Verdict: Equatable {
        /// All that so many commits wrote, and nothing else.
        case whole(Int)
        /// It was not started on.
        case refused(StorageError)
        /// Something else; a sentence.
        case wrong(String)
    }

    let commits: [[JournalWrite]]
    let options: StorageOptions
    /// What has to be there after none, one, two, … of the commits.
    private let wanted: [MemoryJournal]

    init(messages: Int, seed: UInt64, bugs: PlantedBugs = []) {
        commits = CrashWorkload(messages: messages, seed: seed).commits
        var options = StorageOptions.simulated
        options.bugs = bugs
        // A short life with all that a long one has: checkpoints, and evidence on its own.
        options.checkpointPages = 48
        options.evidenceInterval = 16
        self.options = options
        var model = MemoryJournal(of: NodeID(0))
        var wanted = [model]
        for commit in commits {
            try? model.commit(commit)
            wanted.append(model)
        }
        self.wanted = wanted
    }

    func open(_ disk: SimulatedDisk) throws(StorageError) -> (ServerStore, Recovered) {
        try ServerStore.open(directory: disk.directory, freshDisk: DiskID(1), options: options)
    }

    /// Runs the workload until something fails; answers how many commits were answered, and
    /// nil where not even the start was.
    func work(on disk: SimulatedDisk, closing: Bool = true) -> Int? {
        guard let (store, _) = try? open(disk) else { return nil }
        for (number, commit) in commits.enumerated() {
            do { try store.commit(commit) } catch { return number }
        }
        if closing { store.close() }
        return commits.count
    }

    /// Starts twice on what is there, and reads all of it. `counts` says after how many
    /// commits it may be.
    func judge(_ disk: SimulatedDisk, in counts: ClosedRange<Int>) -> Verdict {
        do {
            let (store, found) = try open(disk)
            let most = min(counts.upperBound, commits.count)
            guard
                let count = (counts.lowerBound...most).first(where: {
                    isEqual(found, after: $0)
                })
            else { return .wrong("a start found \(Self.words(found))") }
            if let wrong = try read(store, after: count) { return .wrong(wrong) }
            disk.kill()
            let (again, second) = try open(disk)
            guard isEqual(second, after: count), second.boot.number == found.boot.number + 1
            else { return .wrong("a second start found \(Self.words(second))") }
            if count < commits.count { try again.commit(commits[count]) }
            again.close()
            return .whole(count)
        } catch let error as StorageError {
            return .refused(error)
        } catch {
            return .wrong("\(error)")
        }
    }

    private static func words(_ found: Recovered) -> String {
        "entries through \(found.last.number), round \(found.ballot.round.number), applied "
            + "through \(found.applied.number), boot \(found.boot.number)"
    }

    private func isEqual(_ found: Recovered, after count: Int) -> Bool {
        var model = wanted[count]
        guard var expected = try? model.start() else { return false }
        expected.boot = found.boot
        expected.sessions.sort { ($0.lastUsed, $0.name) < ($1.lastUsed, $1.name) }
        return found == expected
    }

    private func read(_ store: ServerStore, after count: Int) throws -> String? {
        let queries: [JournalQuery] = [
            .entries(from: LogIndex(1), count: 10_000, bytes: .max),
            .after(.zero, room: "hall", limit: 1_000),
            .before(.zero, room: "attic", limit: 3), .before(LogIndex(9), room: "hall", limit: 2),
        ]
        for query in queries where try store.answer(query) != wanted[count].answer(query) {
            return "\(query) is answered wrongly"
        }
        return nil
    }
}
