import Foundation
import GRDBSQLite

/// SQLite's own page cache, with zeros behind each page.
///
/// Where a damaged page says so, SQLite reads on behind the page's end before it notices, and
/// there its cache keeps the page's address: a run would depend on where its memory lies.
/// (Met once: at 8 of 256 places of the heap, seed 90 of dying-disks found a cell's damage
/// that it did not find at the others.)
enum PaddedPages {
    private static let configuresCache: Int32 = 18
    private static let asksForCache: Int32 = 19

    /// A cell that a search compares has at most 64 of 255 parts of its page, and its header
    /// some bytes ("payload" in SQLite's file format, section 1.6).
    private static func padding(ofPage size: Int32) -> Int32 { size / 4 + 128 }

    private typealias Create = @convention(c) @Sendable (Int32, Int32, Int32) -> OpaquePointer?
    private static let create: Create? = {
        var methods = sqlite3_pcache_methods2()
        guard SQLiteConfiguration.set(asksForCache, &methods) == SQLITE_OK else { return nil }
        return unsafeBitCast(methods.xCreate, to: Create?.self)
    }()

    /// Only before SQLite's first use in this process; SQLite's answer.
    static func install() -> Int32 {
        var methods = sqlite3_pcache_methods2()
        let code = SQLiteConfiguration.set(asksForCache, &methods)
        guard code == SQLITE_OK, create != nil else { return code }
        methods.xCreate = { page, extra, isPurgeable in
            PaddedPages.create?(page + PaddedPages.padding(ofPage: page), extra, isPurgeable)
        }
        return SQLiteConfiguration.set(configuresCache, &methods)
    }
}
