public import SyncNetProtocol

/// Puts the lines of a stream together again, however its bytes were cut.
public struct LineReader: Sendable {
    private let bytesMax: Int
    private var buffer = ChunkBuffer()
    /// So many bytes of the buffer are known to hold no end of a line.
    private var searched = 0
    private var hasStopped = false

    /// Makes the receiving side of a stream whose lines, without their ends, have at most
    /// so many bytes.
    public init(maxBytes: Int = Limits.lineBytesMax) { bytesMax = maxBytes }

    /// How many bytes wait for the rest of their line, or to be asked for.
    public var pending: Int { buffer.count }

    /// Takes what arrived.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard !hasStopped else { return }
        buffer.append(bytes)
    }

    /// The next line, nil where more bytes are needed. Nothing follows ``Line/tooLong``:
    /// the connection is to be closed.
    public mutating func next() -> Line? {
        guard !hasStopped else { return nil }
        guard let length = lengthOfLine() else { return searched > bytesMax ? stop() : nil }
        let line = buffer.withBytes { Array($0[..<length]) }
        buffer.removeFirst(length + 1)
        searched = 0
        return .line(line)
    }

    /// Reads the next line where it stands, nil where more bytes are needed. It is given no
    /// bytes for a line that is too long, after which nothing follows.
    package mutating func read<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard !hasStopped else { return nil }
        guard let length = lengthOfLine() else {
            guard searched > bytesMax else { return nil }
            _ = stop()
            return try body(nil)
        }
        defer {
            buffer.removeFirst(length + 1)
            searched = 0
        }
        return try buffer.withBytes { bytes throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[..<length]))
        }
    }

    private mutating func stop() -> Line {
        hasStopped = true
        buffer.removeAll()
        return .tooLong
    }

    /// Where the next line ends, looking no further than the end of the longest one.
    private mutating func lengthOfLine() -> Int? {
        let limit = buffer.count > bytesMax ? bytesMax + 1 : buffer.count
        let start = searched
        let found = buffer.withBytes { Self.lineEnd(in: $0, from: start, to: limit) }
        searched = found ?? limit
        return found
    }

    private static func lineEnd(
        in bytes: UnsafeRawBufferPointer, from start: Int, to limit: Int
    ) -> Int? {
        var offset = start
        while offset &+ 8 <= limit {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let ends = ByteScan.matches(UInt8(ascii: "\n"), in: UInt64(littleEndian: word))
            if ends != 0 { return offset &+ ends.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < limit {
            if bytes[offset] == UInt8(ascii: "\n") { return offset }
            offset &+= 1
        }
        return nil
    }
}

/// What a stream of lines holds.
public enum Line: Equatable, Sendable {
    /// A line without its end.
    case line([UInt8])
    /// A line that is longer than allowed.
    case tooLong
}
