import StateMachine
import SyncNetProtocol

/// The file `evidence`: two slots, of which one is always durable.
///
/// Between two syncs only one slot is written, over and over, so that whatever a power cut
/// makes of it the other one stands. What it claims is a lower bound: it is raised after a
/// commit is durable, and lowered, in both slots and durably, before a commit that cuts.
final class EvidenceFile {
    private static let slotBytes = 4_096

    private let file: VFSFile
    private let skipsSync: Bool
    /// Whether one of the two slots holds something that can't be read.
    private(set) var hasUnreadableHalf = false
    private var sequence: UInt64 = 0
    private var current = 0
    private var writesSinceSync = 0
    /// What it claims; nil where both slots are unreadable.
    private(set) var claims: Evidence?

    init(_ path: String, bugs: PlantedBugs) throws(SQLiteFailure) {
        file = try VFSFile(path)
        skipsSync = bugs.contains(.s1SynchronousOff)
        for slot in 0...1 {
            let bytes = try file.read(
                count: Evidence.byteCount, at: Int64(slot * Self.slotBytes))
            var found: UInt64 = 0
            guard let evidence = Evidence(bytes, sequence: &found) else {
                hasUnreadableHalf = hasUnreadableHalf || bytes.contains { $0 != 0 }
                continue
            }
            guard claims == nil || found > sequence else { continue }
            claims = evidence
            sequence = found
            current = 1 - slot
        }
    }

    /// Claims more, after it became durable.
    func raise(to evidence: Evidence, forcing: Bool, interval: Int) throws(SQLiteFailure) {
        guard forcing || evidence != claims else { return }
        try write(evidence)
        if forcing || writesSinceSync >= interval { try turn() }
    }

    /// Claims less, durably, and in both slots: damage to one of them must not bring back a
    /// claim that is too high.
    func lower(to evidence: Evidence) throws(SQLiteFailure) {
        try write(evidence)
        try turn()
        try write(evidence)
        try turn()
    }

    /// Forces the last claim to the disk.
    func settle() throws(SQLiteFailure) {
        if writesSinceSync > 0 { try turn() }
    }

    private func write(_ evidence: Evidence) throws(SQLiteFailure) {
        sequence += 1
        writesSinceSync += 1
        try file.write(
            evidence.bytes(sequence: sequence), at: Int64(current * Self.slotBytes))
        claims = evidence
    }

    private func turn() throws(SQLiteFailure) {
        if !skipsSync { try file.sync() }
        writesSinceSync = 0
        current = 1 - current
    }
}
