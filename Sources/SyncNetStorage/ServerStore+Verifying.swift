import GRDB
import StateMachine
import SyncNetProtocol

extension ServerStore {
    /// One step reads no more than that of the log: a commit may wait for it.
    private static let stepBytes = 1 << 20

    /// Verifies a part of what the start has left, of about as many rows as a segment has and
    /// at most a mebibyte of the log; answers whether there is more. What it finds fails the
    /// store for good.
    ///
    /// A segment's sum tells whether its entries are those that were applied. The index of the
    /// rooms' messages is a chain for each room: none can be missing, and none can be added.
    public func verifyMore() throws(StorageError) -> Bool {
        guard !unverified.isEmpty else { return false }
        try working { db in
            if let segment = unverified.segments.last {
                let progress = unverified.progress ?? .init(end: segment.before)
                unverified.progress = try verify(
                    segment, from: progress, upTo: Self.stepBytes, in: db)
                if unverified.progress == nil { unverified.segments.removeLast() }
            } else {
                try verifyPosts(atMost: options.segmentEntries, in: db)
            }
        }
        return !unverified.isEmpty
    }

    /// What has to look at the structure of the file while the store works; nil where the start
    /// has done so.
    public var structureCheck: StructureCheck? {
        unverified.structure && !options.isSimulated ? StructureCheck(of: files) : nil
    }

    /// Nothing is read from a segment before all of it was verified: an entry that was cut
    /// before it was applied has a right checksum, too.
    func demandVerified(_ index: LogIndex, in db: Database) throws {
        guard let last = unverified.segments.last, index <= last.through else { return }
        var (low, high) = (0, unverified.segments.count)
        while low < high {
            let middle = (low + high) / 2
            let isBefore = unverified.segments[middle].through < index
            (low, high) = isBefore ? (middle + 1, high) : (low, middle)
        }
        guard unverified.segments[low].contains(index) else { return }
        let segment = unverified.segments.remove(at: low)
        if low == unverified.segments.count { unverified.progress = nil }
        _ = try verify(segment, from: .init(end: segment.before), upTo: .max, in: db)
    }

    /// Answers how far it came, nil where it came to the end.
    private func verify(
        _ segment: Segment, from progress: UnverifiedHistory.Progress, upTo bytes: Int,
        in db: Database
    ) throws -> UnverifiedHistory.Progress? {
        let statement = try statements.get(.segmentEntries, on: db)
        statement.bind(1, progress.end.number)
        statement.bind(2, segment.through.number)
        var (end, sum, left) = (progress.end, progress.sum, bytes)
        try statement.rows { row in
            let header = try StoredRow.header(row, in: files, bugs: options.bugs)
            guard header.index == end.next else { throw missing(entry: end.next) }
            end = header.index
            sum &+= header.checksum
            left -= row.withBytes(3) { $0.count }
            return left > 0
        }
        if left <= 0, end < segment.through { return .init(end: end, sum: sum) }
        guard end == segment.through else { throw missing(entry: end.next) }
        guard sum == segment.sum || options.bugs.contains(.s6ChecksumsIgnored) else {
            throw StorageError.damaged(
                files.damage(
                    "entries \(segment.before.next.number) to \(segment.through.number) of its log "
                        + "are not of one time"))
        }
        return nil
    }

    /// One step on the chains of the rooms.
    private func verifyPosts(atMost count: Int, in db: Database) throws {
        var left = count
        while left > 0, var room = unverified.rooms.popLast() {
            // An empty one costs a look as well.
            left -= 1
            let statement = try statements.get(.postChain, on: db)
            statement.bind(1, room.name.utf8)
            statement.bind(2, room.verified.number)
            try statement.rows { row in
                let post = Post(
                    room: room.name, index: LogIndex(row.word(0)), previous: LogIndex(row.word(1)))
                guard post.previous == room.verified, post.index <= room.through,
                    StoredRow.checksum(post) == row.word(2)
                        || options.bugs.contains(.s6ChecksumsIgnored)
                else { throw gap(in: room.name) }
                room.verified = post.index
                left -= 1
                return left > 0 && room.verified < room.through
            }
            if room.verified < room.through {
                guard left <= 0 else { throw gap(in: room.name) }
                unverified.rooms.append(room)
            }
        }
    }
}
