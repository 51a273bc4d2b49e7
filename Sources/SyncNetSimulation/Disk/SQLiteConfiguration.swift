import Foundation
import GRDBSQLite

/// The settings of SQLite that hold for a whole process.
enum SQLiteConfiguration {
    private typealias Configure = @convention(c) (Int32, UnsafeMutableRawPointer) -> Int32

    /// Makes what SQLite reads the same wherever its memory lies. Done once; false where this
    /// process has used SQLite before, as tests of real stores do: then over damaged pages a
    /// run may depend on what the process did.
    static let makesRunsRepeat: Bool =
        ZeroedMemory.install() == SQLITE_OK && PaddedPages.install() == SQLITE_OK

    /// Calls `sqlite3_config` with one pointer, and returns its answer: `SQLITE_MISUSE` once
    /// SQLite is in use, or where the function can't be reached.
    static func set(_ option: Int32, _ value: UnsafeMutableRawPointer) -> Int32 {
        #if os(Linux)
            // Swift knows no C function of variable arguments. On Linux they are passed like
            // any others.
            guard let symbol = dlsym(nil, "sqlite3_config") else { return SQLITE_MISUSE }
            return unsafeBitCast(symbol, to: Configure.self)(option, value)
        #else
            return SQLITE_MISUSE
        #endif
    }
}
