import GRDBSQLite

/// A file that is read and written through SQLite's own layer for files, so that what is kept
/// beside the database lives on the same disk, a simulated one included.
final class VFSFile {
    private let memory: UnsafeMutableRawPointer
    private let name: UnsafeMutablePointer<CChar>
    // Macros that Swift does not import.
    static let shortRead = SQLITE_IOERR | (2 << 8)
    private static let nothingToDelete = SQLITE_IOERR | (23 << 8)
    private var file: UnsafeMutablePointer<sqlite3_file> {
        memory.assumingMemoryBound(to: sqlite3_file.self)
    }

    /// Opens a file, and makes it where there is none.
    ///
    /// It is opened as a super-journal: the only type for which SQLite's own Unix layer makes
    /// the file's name durable with its first sync and derives nothing from the name.
    init(_ path: String) throws(SQLiteFailure) {
        guard let vfs = sqlite3_vfs_find(nil), let open = vfs.pointee.xOpen else {
            throw SQLiteFailure(SQLITE_INTERNAL)
        }
        let size = max(Int(vfs.pointee.szOsFile), MemoryLayout<sqlite3_file>.size)
        memory = .allocate(byteCount: size, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        name = Self.terminated(path)
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_SUPER_JOURNAL
        let code = open(
            vfs, UnsafePointer(name), memory.assumingMemoryBound(to: sqlite3_file.self), flags, nil)
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
    }

    deinit {
        if let methods = file.pointee.pMethods { _ = methods.pointee.xClose?(file) }
        memory.deallocate()
        name.deallocate()
    }

    /// SQLite keeps the pointer, and expects more than one zero at the end.
    private static func terminated(_ path: String) -> UnsafeMutablePointer<CChar> {
        let bytes = Array(path.utf8)
        let name = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 4)
        name.initialize(repeating: 0, count: bytes.count + 4)
        for (place, byte) in bytes.enumerated() { name[place] = CChar(bitPattern: byte) }
        return name
    }

    /// Reads; what is beyond the end comes as zeros. A disk that gives less than the file
    /// has is an error: it must not be taken for the file's end.
    func read(count: Int, at offset: Int64) throws(SQLiteFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let code = bytes.withUnsafeMutableBytes { readSome(into: $0, at: offset) }
        if code == SQLITE_OK { return bytes }
        guard code == Self.shortRead, try size() < offset + Int64(count) else {
            throw SQLiteFailure(code)
        }
        return bytes
    }

    /// Reads into a buffer, and answers SQLite's code, which may say that the end came early.
    func readSome(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int32 {
        file.pointee.pMethods?.pointee.xRead?(
            file, buffer.baseAddress, Int32(buffer.count), offset) ?? SQLITE_MISUSE
    }

    /// How many bytes it has.
    func size() throws(SQLiteFailure) -> Int64 {
        var result: sqlite3_int64 = 0
        let code = file.pointee.pMethods?.pointee.xFileSize?(file, &result) ?? SQLITE_MISUSE
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
        return result
    }

    func truncate(to size: Int64) throws(SQLiteFailure) {
        let code = file.pointee.pMethods?.pointee.xTruncate?(file, size) ?? SQLITE_MISUSE
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(SQLiteFailure) {
        let code = bytes.withUnsafeBytes { writeSome($0, at: offset) }
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
    }

    func writeSome(_ buffer: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
        file.pointee.pMethods?.pointee.xWrite?(
            file, buffer.baseAddress, Int32(buffer.count), offset) ?? SQLITE_MISUSE
    }

    /// Forces what was written, and at first the file's name, to the disk.
    func sync() throws(SQLiteFailure) {
        let code = file.pointee.pMethods?.pointee.xSync?(file, SQLITE_SYNC_FULL) ?? SQLITE_MISUSE
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
    }

    static func exists(_ path: String) throws(SQLiteFailure) -> Bool {
        guard let vfs = sqlite3_vfs_find(nil) else { throw SQLiteFailure(SQLITE_INTERNAL) }
        var result: Int32 = 0
        let code = vfs.pointee.xAccess?(vfs, path, SQLITE_ACCESS_EXISTS, &result) ?? SQLITE_MISUSE
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
        return result != 0
    }

    /// Deletes a file, and makes that durable.
    static func delete(_ path: String) throws(SQLiteFailure) {
        guard let vfs = sqlite3_vfs_find(nil) else { throw SQLiteFailure(SQLITE_INTERNAL) }
        let code = vfs.pointee.xDelete?(vfs, path, 1) ?? SQLITE_MISUSE
        guard code == SQLITE_OK || code == Self.nothingToDelete else {
            throw SQLiteFailure(code)
        }
    }
}
