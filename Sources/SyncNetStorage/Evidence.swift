import StateMachine
import SyncNetProtocol

/// A lower bound of what a database has to hold: what this server once made durable.
///
/// SQLite takes a lost or damaged tail of its write-ahead log for the end of it. Without
/// something that stands elsewhere, a server could forget a vote and not know.
struct Evidence: Equatable {
    var disk: DiskID
    var boot: Boot
    var ballot: Ballot
    var ceiling: Stamp
    var applied: LogIndex
    /// Counts changes of the facts, cuts included.
    var revision: UInt64
    var end: LogEnd

    init(_ facts: FactsRow, end: LogEnd) {
        disk = facts.disk
        boot = facts.boot
        ballot = facts.ballot
        ceiling = facts.ceiling
        applied = facts.applied
        revision = facts.revision
        self.end = end
    }

    /// What is missing in a database that holds `held`, in words; nil when nothing is.
    func missing(in held: Evidence) -> String? {
        if held.disk != disk { return "it belongs to another disk than the evidence beside it" }
        if held.end < end {
            return "its log ends at entry \(held.end.index.number) of epoch "
                + "\(held.end.epoch.number), but entry \(end.index.number) of epoch "
                + "\(end.epoch.number) was acknowledged"
        }
        if held.ballot.round < ballot.round {
            return "it knows round \(held.ballot.round.number), but round "
                + "\(ballot.round.number) was promised"
        }
        if held.ballot.round == ballot.round, let vote = ballot.vote, held.ballot.vote != vote {
            return "the vote of round \(ballot.round.number) is gone"
        }
        if held.boot < boot || held.ceiling < ceiling || held.applied < applied
            || held.revision < revision
        {
            return "it is older than what this server once acknowledged"
        }
        return nil
    }
}

/// Where a log ends: compared as votes compare logs, by epoch first.
struct LogEnd: Comparable {
    var epoch: Epoch
    var index: LogIndex

    static let empty = LogEnd(epoch: .zero, index: .zero)

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.epoch == rhs.epoch ? lhs.index < rhs.index : lhs.epoch < rhs.epoch
    }
}

extension Evidence {
    private static let magic: UInt64 = 0x4543_4E45_4449_5645
    private static let words = 13
    /// Less than a sector, so that a torn write leaves it whole or as it was.
    static let byteCount = words * 8

    func bytes(sequence: UInt64) -> [UInt8] {
        let vote = ballot.vote.map { UInt64($0.rank) + 1 } ?? 0
        let words = [
            Self.magic, sequence, disk.number, boot.number, ballot.round.number, vote,
            ceiling.number, applied.number, revision, end.epoch.number, end.index.number, 1,
        ]
        var sum = Checksum(.evidence)
        var writer = ByteWriter()
        for word in words {
            sum.add(word)
            writer.word(word)
        }
        writer.word(sum.value)
        return writer.bytes
    }

    /// Reads a slot; nil where it is torn, damaged or was never written.
    init?(_ bytes: [UInt8], sequence: inout UInt64) {
        var reader = ByteReader(bytes)
        var words: [UInt64] = []
        for _ in 0..<Self.words {
            guard let word = try? reader.word() else { return nil }
            words.append(word)
        }
        var sum = Checksum(.evidence)
        for word in words.dropLast() { sum.add(word) }
        guard words[0] == Self.magic, words[12] == sum.value else { return nil }
        sequence = words[1]
        disk = DiskID(words[2])
        boot = Boot(words[3])
        let vote = words[5] == 0 ? nil : NodeID(UInt32(truncatingIfNeeded: words[5] - 1))
        ballot = Ballot(round: Epoch(words[4]), vote: vote)
        ceiling = Stamp(words[6])
        applied = LogIndex(words[7])
        revision = words[8]
        end = LogEnd(epoch: Epoch(words[9]), index: LogIndex(words[10]))
    }
}
