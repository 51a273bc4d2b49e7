import Foundation
import SyncNetTerminal
import Synchronization

/// The lines that a person typed, kept for the next time. All clients add to one file.
final class InputHistoryFile: Sendable {
    /// A larger file is cut to the last lines.
    private static let bytesMax = 1 << 20

    private let url: URL
    private let last = Mutex("")

    /// In a directory, which is made where there is none.
    init(in directory: URL) throws {
        try MemoryFile.make(directory)
        url = directory.appendingPathComponent("history")
    }

    /// The last lines, oldest first.
    func lines() -> [String] {
        guard let bytes = FileManager.default.contents(atPath: url.path) else { return [] }
        let all = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        let kept = InputHistory(all).lines
        if bytes.count > Self.bytesMax { replace(with: kept) }
        return kept
    }

    /// Adds a line, unless it is the last one again.
    func keep(_ line: String) {
        let isRepeat = last.withLock { last in
            defer { last = line }
            return last == line
        }
        guard !isRepeat else { return }
        let file = open(url.path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        let bytes = Array("\(line)\n".utf8)
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    private func replace(with lines: [String]) {
        let new = url.appendingPathExtension("new")
        let bytes = Data((lines.joined(separator: "\n") + "\n").utf8)
        guard
            FileManager.default.createFile(
                atPath: new.path, contents: bytes, attributes: [.posixPermissions: 0o600])
        else { return }
        rename(new.path, url.path)
    }
}
