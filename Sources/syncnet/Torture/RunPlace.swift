import Foundation

/// What a run with namespaces has on this machine: a folder, processes, file systems and
/// namespaces, all of which carry its process id, so that they can be taken away whoever comes
/// to do it.
struct RunPlace: Equatable, Sendable {
    private static let folder = "syncnet-torture-run-"
    private static let keptFolder = "syncnet-torture-kept-"

    /// The process id of the run.
    let owner: Int32

    /// The run of this process.
    static var own: RunPlace { RunPlace(owner: getpid()) }

    private static var temporary: String {
        let path = NSTemporaryDirectory()
        return path.hasSuffix("/") ? path : path + "/"
    }

    /// Its folder.
    var directory: String { Self.temporary + Self.folder + "\(owner)" }

    /// Where servers record their events.
    var records: String { directory + "/records" }

    /// In which every server's process id is written when it is started.
    var processFile: String { directory + "/processes" }

    /// Where what is kept of it goes.
    func keptDirectory(seed: UInt64) -> String {
        Self.temporary + Self.keptFolder + "seed\(seed)-\(owner)"
    }

    /// How its namespaces are called.
    func namespace(of server: Int) -> String { namespacePrefix + "\(server + 1)" }
    private var namespacePrefix: String { "syncnet-torture-\(owner)-" }

    /// Takes away what is left of runs whose process is gone, and says whose they were.
    static func removeStale() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: temporary)) ?? []
        let owners = names.filter { $0.hasPrefix(folder) }
            .compactMap { Int32($0.dropFirst(folder.count)) }
        let stale = owners.filter { !isRun($0) }.sorted()
        for owner in stale { RunPlace(owner: owner).remove() }
        return stale
    }

    /// A number may long belong to another process.
    private static func isRun(_ pid: Int32) -> Bool {
        words(of: pid).contains { ["torture", "failover"].contains($0) }
    }

    private static func words(of pid: Int32) -> [String] {
        let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Takes away everything: processes first, as they hold the rest.
    func remove() {
        killServers()
        let text = (try? String(contentsOfFile: processFile, encoding: .utf8)) ?? ""
        for process in text.split(separator: "\n").compactMap({ Int32($0) }) {
            FakeClock.forget(process)
        }
        unmount()
        removeNamespaces()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Kills whoever was started with data in this run's folder, also who is stopped.
    private func killServers() {
        let pids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [])
            .compactMap { Int32($0) }
        let servers = pids.filter { pid in
            pid != getpid() && Self.words(of: pid).contains("server")
                && Self.words(of: pid).contains { $0.hasPrefix(directory + "/") }
        }
        for pid in servers { kill(pid, SIGKILL) }
        for pid in servers {
            // Until the kernel has let go of its files.
            for _ in 0..<100 where kill(pid, 0) == 0 && !Self.words(of: pid).isEmpty {
                usleep(10_000)
            }
        }
    }

    private func unmount() {
        let table = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 1, fields[1].hasPrefix(directory + "/") else { continue }
            Tool.run(["umount", "-l", String(fields[1])])
        }
    }

    private func removeNamespaces() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        for name in names where name.hasPrefix(namespacePrefix) {
            Tool.run(["ip", "netns", "del", name])
        }
    }
}
