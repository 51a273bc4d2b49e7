import Foundation
import GRDBSQLite
import SyncNetProtocol

/// Writes a file once more, byte by byte as it is, and syncs it: before a start trusts it.
///
/// After a failed sync the pages that it was for are clean and still there to be read, but
/// not on the disk (Rebello et al., ATC 2020). A server that starts again in the same kernel
/// reads them, would count them as durable, and could lose them with the power. Written again
/// they are dirty again, and the sync means something.
struct LogRewrite {
    private static let chunkBytes = 16_384

    let files: StoreFiles
    let bugs: PlantedBugs

    /// Rewrites one file, and tells what the write-ahead log looks like, if it is one.
    func run(_ path: String, isLog: Bool = false) throws -> LogShape {
        let file = try VFSFile(path)
        let size = try file.size()
        var shape = LogShape()
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(size), alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while offset < buffer.count {
            let end = min(offset + Self.chunkBytes, buffer.count)
            let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<end])
            let code = file.readSome(into: chunk, at: Int64(offset))
            if code == VFSFile.shortRead, bugs.contains(.s8ShortReadIsTheEnd) {
                try file.truncate(to: Int64(offset))
                shape.isCutShort = true
                break
            }
            guard code == SQLITE_OK else { throw SQLiteFailure(code) }
            try readAgain(chunk, of: file, at: Int64(offset))
            let written = file.writeSome(UnsafeRawBufferPointer(chunk), at: Int64(offset))
            guard written == SQLITE_OK else { throw SQLiteFailure(written) }
            offset = end
        }
        try file.sync()
        if isLog { shape.read(UnsafeRawBufferPointer(rebasing: buffer[..<offset])) }
        return shape
    }
}

extension LogRewrite {
    /// Reads a second time and compares: wrong bytes that were read once must not be made
    /// durable by being written.
    private func readAgain(
        _ chunk: UnsafeMutableRawBufferPointer, of file: VFSFile, at offset: Int64
    ) throws {
        let second = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk.count, alignment: 16)
        defer { second.deallocate() }
        let code = file.readSome(into: second, at: offset)
        guard code == SQLITE_OK else { throw SQLiteFailure(code) }
        guard let one = chunk.baseAddress, let other = second.baseAddress,
            memcmp(one, other, chunk.count) == 0
        else {
            throw SQLiteFailure(SQLITE_IOERR, "the disk gives other bytes each time")
        }
    }
}

/// What is in a write-ahead log, without trust in its pages: only the headers of its frames.
struct LogShape {
    private static let headerBytes = 32
    private static let frameHeaderBytes = 24

    /// Frames of its present use.
    private(set) var frames = 0
    /// Whether the last of these ends a transaction.
    private(set) var endsWithCommit = true
    /// Whether frames of an earlier use stand behind them.
    private(set) var hasFormer = false

    /// Planted bug S8: whether a short read was taken for its end.
    fileprivate(set) var isCutShort = false

    /// Looks at the headers, as SQLite's file format has them.
    mutating func read(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.headerBytes else { return }
        let page = Int(Self.word(bytes, 8))
        guard page >= 512, page <= 65_536 else { return }
        let salts = (Self.word(bytes, 16), Self.word(bytes, 20))
        var offset = Self.headerBytes
        while offset + Self.frameHeaderBytes + page <= bytes.count {
            let own = (Self.word(bytes, offset + 8), Self.word(bytes, offset + 12))
            guard own == salts else {
                hasFormer = true
                return
            }
            frames += 1
            endsWithCommit = Self.word(bytes, offset + 4) != 0
            offset += Self.frameHeaderBytes + page
        }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
