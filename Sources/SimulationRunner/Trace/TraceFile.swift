import Foundation

/// A file that takes the lines of a trace as they come.
final class TraceFile {
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var failure: (any Error)?
    private let bufferMost: Int

    /// With `isLive` every line is there as soon as it was written: the next one may not come.
    init(_ path: String, isLive: Bool = false) throws {
        bufferMost = isLive ? 0 : 1 << 18
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw RunnerError("\(path) can't be written.") }
        self.handle = handle
    }

    func write(_ line: String) {
        buffer += line.utf8
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > bufferMost { flush() }
    }

    private func flush() {
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            failure = failure ?? error
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Throws where any line could not be written.
    func close() throws {
        flush()
        try handle.close()
        if let failure { throw failure }
    }
}

/// A file that gives its lines one after the other, however long it is.
struct LineFile {
    private let handle: FileHandle
    private var buffer = Data()
    private var position = 0
    private var isAtEnd = false

    init(_ path: String) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw RunnerError("\(path) can't be read.")
        }
        self.handle = handle
    }

    /// The next line; nil at the end.
    mutating func next() throws -> String? {
        while true {
            let rest = buffer[(buffer.startIndex + position)...]
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                position = end + 1 - buffer.startIndex
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            guard !isAtEnd else {
                position = buffer.count
                return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
            }
            buffer = Data(rest)
            position = 0
            let more = try handle.read(upToCount: 1 << 18) ?? Data()
            isAtEnd = more.isEmpty
            buffer.append(more)
        }
    }
}
