import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Checksums of rows, and rows that are verified while they are read.
enum StoredRow {
    static func checksum(
        _ kind: Checksum.Kind, _ strings: [[UInt8]], _ words: [UInt64]
    ) -> UInt64 {
        var sum = Checksum(kind)
        for string in strings { sum.add(string) }
        for word in words { sum.add(word) }
        return sum.value
    }

    static func checksum(_ post: Post) -> UInt64 {
        checksum(.post, [post.room.utf8], [post.index.number, post.previous.number])
    }

    static func checksum(_ account: Account) -> UInt64 {
        checksum(
            .account, [account.name.utf8, account.verifier.utf8], [account.isOperator ? 1 : 0])
    }

    static func checksum(_ entry: Entry, payload: UnsafeRawBufferPointer) -> UInt64 {
        checksum(entry.index.number, entry.epoch.number, entry.stamp.number, payload)
    }

    static func checksum(
        _ index: UInt64, _ epoch: UInt64, _ stamp: UInt64, _ payload: UnsafeRawBufferPointer
    ) -> UInt64 {
        var sum = Checksum(.entry)
        sum.add(index)
        sum.add(epoch)
        sum.add(stamp)
        sum.add(payload)
        return sum.value
    }

    /// The bare numbers of an entry, verified with its payload.
    struct Header {
        var index: LogIndex
        var epoch: Epoch
        var stamp: Stamp
        var checksum: UInt64
    }

    static func header(
        _ row: borrowing PreparedStatement.Row, in files: StoreFiles, bugs: PlantedBugs
    ) throws(StorageError) -> Header {
        let words = (row.word(0), row.word(1), row.word(2))
        let sum = row.withBytes(3) { checksum(words.0, words.1, words.2, $0) }
        guard sum == row.word(4) || bugs.contains(.s6ChecksumsIgnored) else {
            throw .damaged(files.damage("entry \(words.0) of its log has a wrong checksum"))
        }
        return Header(
            index: LogIndex(words.0), epoch: Epoch(words.1), stamp: Stamp(words.2),
            checksum: row.word(4))
    }

    static func entry(
        _ row: borrowing PreparedStatement.Row, in files: StoreFiles, bugs: PlantedBugs
    ) throws(StorageError) -> Entry {
        let header = try header(row, in: files, bugs: bugs)
        do {
            let payload = try row.withBytes(3) { bytes throws(WireError) in
                try PayloadCodec.decode(bytes)
            }
            return Entry(
                index: header.index, epoch: header.epoch, stamp: header.stamp,
                payload: payload)
        } catch {
            throw .damaged(
                files.damage("entry \(header.index.number) of its log can't be understood"))
        }
    }
}
