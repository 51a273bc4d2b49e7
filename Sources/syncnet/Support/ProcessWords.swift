import Foundation

/// What a process was started with, where this system tells.
struct ProcessWords {
    /// The program's name and its arguments.
    let list: [String]

    /// What the process of that number was started with; nil where this system does not tell.
    init?(of pid: Int32) {
        guard let list = Self.strings(in: "/proc/\(pid)/cmdline") else { return nil }
        self.list = list
    }

    init(_ list: [String]) { self.list = list }

    /// Whether it may run that server: a number in an old file may be anybody's by now.
    func mayRun(server id: String) -> Bool {
        guard list.contains("server") else { return false }
        let flag = "--server-id"
        let joined = list.last { $0.hasPrefix(flag + "=") }?.dropFirst(flag.count + 1)
        let apart = list.lastIndex(of: flag).flatMap { $0 + 1 < list.count ? list[$0 + 1] : nil }
        // Its environment or its file may say which one it is.
        guard let named = joined.map(String.init) ?? apart else { return true }
        return named == id
    }

    /// What a file holds, each ended by a zero. An empty one is a word, too.
    static func strings(in path: String) -> [String]? {
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
            return nil
        }
        return data.dropLast().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
