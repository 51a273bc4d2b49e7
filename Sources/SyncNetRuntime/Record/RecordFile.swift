import Foundation

/// The file of one start's record: `DIRECTORY/<server id>-000001.record`, counted up with every
/// start, so that no start writes into what another one left.
struct RecordFile: Sendable {
    /// How a record's name ends.
    static let suffix = ".record"
    /// Starts of one server that may happen at the same moment.
    private static let triesMax = 100

    /// Why a file can't be had.
    struct Problem: Error, CustomStringConvertible {
        var description: String

        init(_ doing: String, _ code: Int32) {
            description = "\(doing): \(String(cString: strerror(code)))"
        }

        init(_ description: String) { self.description = description }
    }

    /// Where it is.
    let path: String
    /// So much may be written to it.
    let bytesMax: UInt64
    private let descriptor: Int32

    /// A file that is open already.
    init(path: String, descriptor: Int32, bytesMax: UInt64) {
        self.path = path
        self.descriptor = descriptor
        self.bytesMax = bytesMax
    }

    /// Makes the file of this start; only its owner can read it.
    init(of server: String, as settings: RecordSettings) throws {
        let directory = settings.directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let former = try Self.former(of: server, in: directory)
        let used = former.reduce(0) { $0 + $1.bytes }
        guard used < settings.bytesMax else {
            throw Problem("there are \(used >> 20) MiB of records, which is the limit")
        }
        bytesMax = settings.bytesMax - used
        let first = (former.map(\.number).max() ?? 0) + 1
        for number in first..<first + Self.triesMax {
            let path = "\(directory)/\(server)-\(Self.padded(number))\(Self.suffix)"
            let descriptor = open(
                path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw Problem(path, errno) }
            self.path = path
            self.descriptor = descriptor
            return
        }
        throw Problem("\(directory): other starts take every name")
    }

    private static func former(
        of server: String, in directory: String
    ) throws -> [(number: Int, bytes: UInt64)] {
        let prefix = server + "-"
        return try FileManager.default.contentsOfDirectory(atPath: directory).compactMap { name in
            guard name.hasPrefix(prefix), name.hasSuffix(suffix),
                let number = Int(name.dropFirst(prefix.count).dropLast(suffix.count))
            else { return nil }
            var facts = stat()
            let isThere = stat("\(directory)/\(name)", &facts) == 0
            return (number, isThere ? UInt64(clamping: facts.st_size) : 0)
        }
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Writes all of the bytes at the end. Waits for the disk.
    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { all in
            var rest = all[...]
            while !rest.isEmpty {
                let count = Foundation.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw Problem(path, errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    func close() { _ = Foundation.close(descriptor) }
}
