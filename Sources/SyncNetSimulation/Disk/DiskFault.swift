/// What a program asks of a disk, as a fault sees it.
package struct DiskOperation {
    /// What is asked.
    package enum Kind: UInt8, Sendable {
        case create = 1, read, write, truncate, sync, delete
    }

    package var kind: Kind
    /// The file's name in its directory.
    package var file: String
    package var offset: Int
    package var count: Int
}

/// What a fault makes of an operation. Carried out in `OpenFile`.
package enum DiskFault: Equatable {
    /// It works.
    case none
    /// It does nothing and fails, with this result code of SQLite.
    case fail(Int32)
    /// A sync fails, and what it was for is dropped: it can still be read, until the power
    /// goes, but it is clean and no later sync writes it (ext4 and XFS after Rebello et al.,
    /// ATC 2020).
    case drop
    /// A sync answers that all is durable, and nothing is.
    case lie
    /// A read gives so many bytes less than there are, at least one.
    case short(by: Int)
    /// A read or a write goes to this offset instead.
    case astray(Int)
}

/// How often a disk was asked for what.
package struct DiskCounters: Equatable {
    package var creates: UInt64 = 0
    package var reads: UInt64 = 0
    package var writes: UInt64 = 0
    package var truncates: UInt64 = 0
    package var syncs: UInt64 = 0
    package var deletes: UInt64 = 0

    /// All but reads: the operations that a fuse counts.
    package var changes: UInt64 { creates + writes + truncates + syncs + deletes }

    mutating func count(_ kind: DiskOperation.Kind) {
        switch kind {
        case .create: creates += 1
        case .read: reads += 1
        case .write: writes += 1
        case .truncate: truncates += 1
        case .sync: syncs += 1
        case .delete: deletes += 1
        }
    }
}
