import DeterministicSimulation
import GRDBSQLite

/// What is wrong with a disk for a while: which of its operations go wrong, and how.
///
/// What happens once happens to an operation that was drawn: to the so-manieth of its sort
/// from the beginning on. What lasts happens to all of them.
struct DiskAilment {
    private static let pageBytes = 4_096

    /// Operations to come before one is hit; nil where that trouble is not in force, or has
    /// struck.
    var syncsUntilFailure: UInt64?
    var readsUntilError: UInt64?
    var readsUntilShort: UInt64?
    var readsUntilAstray: UInt64?
    var writesUntilAstray: UInt64?
    /// Drawn with them: how much is missing, or how far off they go.
    var missing: UInt64 = 0
    var distance: UInt64 = 0
    /// Syncs say that all is durable, and nothing is.
    var lies = false
    /// So many bytes are left for files to grow by; nil: enough.
    var room: Int?
    /// The page that can't be read, once one was met.
    private var badPage: (file: String, page: Int)?
    /// How often something went wrong.
    var strikes: UInt64 = 0

    /// Whether nothing is wrong any more.
    var isOver: Bool {
        syncsUntilFailure == nil && readsUntilError == nil && readsUntilShort == nil
            && readsUntilAstray == nil && writesUntilAstray == nil && !lies && room == nil
            && badPage == nil
    }

    /// What becomes of an operation on a file that is so large.
    mutating func befall(_ operation: DiskOperation, size: Int) -> DiskFault {
        let fault =
            switch operation.kind {
            case .read: befall(read: operation, size)
            case .write: befall(write: operation, size)
            case .sync: befallSync()
            case .create, .truncate, .delete: DiskFault.none
            }
        if fault != .none { strikes += 1 }
        return fault
    }

    private mutating func befallSync() -> DiskFault {
        if Self.isDue(&syncsUntilFailure) { return .drop }
        return lies ? .lie : .none
    }

    private mutating func befall(read operation: DiskOperation, _ size: Int) -> DiskFault {
        let page = operation.offset / Self.pageBytes
        let last = max(page, (operation.offset + operation.count - 1) / Self.pageBytes)
        if let badPage, badPage.file == operation.file, (page...last).contains(badPage.page) {
            return .fail(ResultCode.readFailed)
        }
        // What is beyond the end is not read from the disk.
        guard operation.offset + operation.count <= size else { return .none }
        if Self.isDue(&readsUntilError) {
            badPage = (operation.file, page)
            return .fail(ResultCode.readFailed)
        }
        if Self.isDue(&readsUntilShort) {
            return .short(by: 1 + Int(missing % UInt64(operation.count)))
        }
        if Self.isDue(&readsUntilAstray) { return astray(operation, size) }
        return .none
    }

    private mutating func befall(write operation: DiskOperation, _ size: Int) -> DiskFault {
        if let left = room {
            let growth = max(0, operation.offset + operation.count - size)
            guard growth <= left else { return .fail(SQLITE_FULL) }
            room = left - growth
        }
        return Self.isDue(&writesUntilAstray) ? astray(operation, size) : .none
    }

    /// Another page of the same file, if it has one.
    private func astray(_ operation: DiskOperation, _ size: Int) -> DiskFault {
        let pages = max(1, size / Self.pageBytes)
        let own = operation.offset / Self.pageBytes
        let other = (own + 1 + Int(distance % UInt64(max(1, pages - 1)))) % pages
        guard other != own else { return .none }
        return .astray(operation.offset + (other - own) * Self.pageBytes)
    }

    private static func isDue(_ left: inout UInt64?) -> Bool {
        guard let count = left else { return false }
        left = count == 0 ? nil : count - 1
        return count == 0
    }

    /// A page that could not be read can be from now on.
    mutating func endReadErrors() {
        readsUntilError = nil
        badPage = nil
    }
}
