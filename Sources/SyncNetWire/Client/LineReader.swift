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

    private mutating func stop() -> Line {
        hasStopped = true
        buffer.removeAll()
        return .tooLong
    }

    /// Where the next line ends, looking no further than the end of the longest one.
    private mutating func lengthOfLine() -> Int? {
        let limit = buffer.count > bytesMax ? bytesMax + 1 : buffer.count
        let start = searched
        let found = buffer.withBytes { bytes in
            bytes[start..<limit].firstIndex(of: UInt8(ascii: "\n"))
        }
        searched = found ?? limit
        return found
    }
}

/// What a stream of lines holds.
public enum Line: Equatable, Sendable {
    /// A line without its end.
    case line([UInt8])
    /// A line that is longer than allowed.
    case tooLong
}
