import Foundation
import GRDBSQLite

/// Memory for SQLite that is zero when it is given out.
///
/// Over damaged pages SQLite may read bytes of its buffers that nothing has been written to. What
/// stands there is what an earlier owner left, so that a seed would depend on the seeds that
/// its process ran before. (Met once: seed 300 of dying-disks told of damage in one run and not
/// in the other; the allocator's perturbation shows the same.)
enum ZeroedMemory {
    /// Before each piece its size stands, in what keeps the alignment of any type.
    private static let header = 16
    private static let configuresMemory: Int32 = 4
    private static let smallestPage = 512
    /// Behind each piece, for buffers of a page's size that are read like pages.
    private static let tail = 1_152

    /// Gives SQLite this memory, only before its first use in this process; SQLite's answer.
    static func install() -> Int32 {
        var methods = ZeroedMemory.methods
        return SQLiteConfiguration.set(configuresMemory, &methods)
    }

    private static var methods: sqlite3_mem_methods {
        sqlite3_mem_methods(
            xMalloc: { ZeroedMemory.allocate(Int($0)) },
            xFree: { ZeroedMemory.release($0) },
            xRealloc: { ZeroedMemory.resize($0, to: Int($1)) },
            xSize: { Int32(ZeroedMemory.size(of: $0)) },
            xRoundup: { ($0 + 7) & ~7 },
            xInit: { _ in SQLITE_OK }, xShutdown: { _ in }, pAppData: nil)
    }

    private static func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        let behind = count < smallestPage ? 0 : tail
        guard let start = calloc(1, header + count + behind) else { return nil }
        start.storeBytes(of: count, as: Int.self)
        return start + header
    }

    private static func release(_ piece: UnsafeMutableRawPointer?) {
        if let piece { free(piece - header) }
    }

    private static func resize(
        _ piece: UnsafeMutableRawPointer?, to count: Int
    ) -> UnsafeMutableRawPointer? {
        guard let larger = allocate(count) else { return nil }
        if let piece { memcpy(larger, piece, min(size(of: piece), count)) }
        release(piece)
        return larger
    }

    private static func size(of piece: UnsafeMutableRawPointer?) -> Int {
        piece.map { ($0 - header).load(as: Int.self) } ?? 0
    }
}
