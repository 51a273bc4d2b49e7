import DeterministicSimulation
import StateMachine
import SyncNetStorage

/// Rare but legal situations of a server's storage, counted.
struct StorageTally {
    private var findings = [UInt64](repeating: 0, count: StorageFinding.allCases.count)
    /// Commits and reads that failed, by what they were told.
    private var full: UInt64 = 0
    private var broken: UInt64 = 0
    private var damaged: UInt64 = 0
    /// How often the directory was emptied.
    var wipes: UInt64 = 0
    /// How often the power went in the middle of a start.
    var interruptedStarts: UInt64 = 0

    mutating func count(_ found: StorageFindings) {
        for finding in StorageFinding.allCases where found.contains(finding) {
            findings[Int(finding.rawValue)] += 1
        }
    }

    mutating func count(_ failure: JournalFailure) {
        switch failure {
        case .full: full += 1
        case .broken: broken += 1
        case .damaged: damaged += 1
        }
    }

    mutating func add(_ other: StorageTally) {
        for place in findings.indices { findings[place] += other.findings[place] }
        full += other.full
        broken += other.broken
        damaged += other.damaged
        wipes += other.wipes
        interruptedStarts += other.interruptedStarts
    }

    /// The same as a list with names.
    var points: [Counter] {
        StorageFinding.allCases.map { Counter($0.words, findings[Int($0.rawValue)]) } + [
            Counter("server ended on a full disk", full),
            Counter("server ended on a failing disk", broken),
            Counter("server ended on damage", damaged),
            Counter("server's disk was emptied", wipes),
            Counter("a crash interrupted a start", interruptedStarts),
        ]
    }
}
