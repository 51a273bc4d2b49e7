import Foundation

/// The file `server.pid` in a server's data directory, by which scripts find its process.
struct ProcessFile {
    private let path: String
    private let server: String

    init(directory: String, server: String) {
        path = directory + "/server.pid"
        self.server = server
    }

    /// Names this process, unless another server lives there: its file must stay then.
    func write() throws {
        guard !isOfAnother else { return }
        let directory = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            try Data("\(getpid())\n".utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            if let file = FilePath.firstFile(in: directory) {
                throw Failure(
                    "\(file) is a file, not a directory: choose another --data-dir, or move it")
            }
            let reason = Self.reason(of: error)
            throw Failure(
                "can't write in \(directory) (\(reason)): choose another --data-dir, or make "
                    + "this one writable")
        }
    }

    /// Takes the file away where it names this process.
    func remove() { if named == getpid() { unlink(path) } }

    private var named: Int32? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return Int32(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace })
    }

    private var isOfAnother: Bool {
        guard let named, named != getpid() else { return false }
        guard kill(named, 0) == 0 || errno == EPERM else { return false }
        return ProcessWords(of: named)?.mayRun(server: server) ?? true
    }

    private static func reason(of error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        // Foundation numbers its own errors in another way than the system does.
        guard cause.domain == NSPOSIXErrorDomain else { return cause.localizedDescription }
        return String(cString: strerror(Int32(truncatingIfNeeded: cause.code)))
    }
}
