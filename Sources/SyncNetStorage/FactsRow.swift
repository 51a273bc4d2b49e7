import StateMachine
import SyncNetProtocol

/// The one row of the table `facts`.
struct FactsRow: Equatable {
    var disk: DiskID
    var boot = Boot(0)
    var ballot = Ballot(round: .zero, vote: nil)
    var ceiling = Stamp.zero
    var applied = LogIndex.zero
    var isRecovering = false
    /// Whether the file of evidence is durably there. From then on it must not be missing.
    var isEvidenced = false
    /// Rises with every change of this row, and with every cut.
    var revision: UInt64 = 0
    /// The sum of the other rows' checksums; see ``AppliedIndex``.
    var sum: UInt64 = 0
    /// How often a formation was written by this process, and the log cut: not stored, but
    /// such a write changes the row, and so its revision.
    var formations: UInt64 = 0
    var cuts: UInt64 = 0

    init(disk: DiskID) { self.disk = disk }

    static let columns =
        "disk, boot, round, vote, ceiling, applied, recovering, evidenced, revision, sum, checksum"
    static let update = """
        UPDATE facts SET disk = ?, boot = ?, round = ?, vote = ?, ceiling = ?, applied = ?, \
        recovering = ?, evidenced = ?, revision = ?, sum = ?, checksum = ? WHERE id = 1
        """

    private var words: [UInt64] {
        [
            disk.number, boot.number, ballot.round.number,
            ballot.vote.map { UInt64($0.rank) } ?? .max, ceiling.number, applied.number,
            isRecovering ? 1 : 0, isEvidenced ? 1 : 0, revision, sum,
        ]
    }

    private var checksum: UInt64 { Self.checksum(words) }

    private static func checksum(_ words: [UInt64]) -> UInt64 {
        var sum = Checksum(.facts)
        for word in words { sum.add(word) }
        return sum.value
    }

    /// Whether its checksum was right when it had no sum yet.
    func isWhole(asOfVersion1 checksum: UInt64) -> Bool {
        Self.checksum(Array(words.dropLast())) == checksum
    }

    func write(_ statement: PreparedStatement) throws(SQLiteFailure) {
        var column: Int32 = 1
        for word in words {
            statement.bind(column, word)
            column += 1
        }
        if ballot.vote == nil { statement.bindNull(4) }
        statement.bind(column, checksum)
        try statement.run()
    }

    /// Reads the row; nil where its checksum is wrong, and that matters.
    init?(_ row: borrowing PreparedStatement.Row, trusting: Bool = false) {
        disk = DiskID(row.word(0))
        boot = Boot(row.word(1))
        let vote = row.isNull(3) ? nil : NodeID(UInt32(truncatingIfNeeded: row.word(3)))
        ballot = Ballot(round: Epoch(row.word(2)), vote: vote)
        ceiling = Stamp(row.word(4))
        applied = LogIndex(row.word(5))
        isRecovering = row.word(6) != 0
        isEvidenced = row.word(7) != 0
        revision = row.word(8)
        sum = row.word(9)
        guard trusting || row.word(10) == checksum else { return nil }
    }
}
