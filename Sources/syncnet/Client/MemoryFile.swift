import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetTerminal
import Synchronization

/// Where a person was in a cluster, for the next start: a small file for each name and cluster.
///
/// It is replaced as a whole after each message that was shown, and only one client at a time
/// has it, so that after a restart nothing is missing and nothing comes twice.
final class MemoryFile: Sendable {
    /// What is kept.
    struct Content: Codable, Equatable {
        var version = 1
        var name: String
        /// `host:port` of the servers, by which the cluster is recognised.
        var servers: [String]
        /// Which cluster they were.
        var cluster: String?
        var rooms: [Bookmark] = []
        var current: String?

        /// Where one was.
        var place: Place { Place(rooms: rooms, cluster: cluster, current: current) }
    }

    /// So many files are looked through for that of this cluster.
    private static let filesMax = 1_000

    /// What was kept at the last start.
    let former: Content
    /// What was wrong with the file.
    let trouble: String?
    private let url: URL
    private let lock: Int32
    private let content: Mutex<Content>

    private init(_ content: Content, at url: URL, lock: Int32, trouble: String?) {
        former = content
        self.trouble = trouble
        self.url = url
        self.lock = lock
        self.content = Mutex(content)
    }

    deinit { close(lock) }

    /// Opens the file of a name in a cluster that has one of the servers.
    /// - Throws: ``Failure`` where it can't be kept, or another client has it.
    static func open(
        in directory: URL, name: String, servers: [String], cluster: ClusterID?
    ) throws -> MemoryFile {
        let folder = directory.appendingPathComponent("clients")
        try make(folder)
        let found = find(in: folder, name: name, servers: servers)
        let url = found?.url ?? folder.appendingPathComponent(fileName(name, servers))
        let lock = Glibc.open(url.path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw unusable(folder) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw Failure("another client is \(name) here, and has the rooms")
        }
        // Only now nobody else writes it.
        let kept = read(url)
        let trouble = kept == nil ? setAside(url) : nil
        let former = kept ?? Content(name: name, servers: servers)
        let memory = MemoryFile(former, at: url, lock: lock, trouble: trouble)
        memory.content.withLock { $0.servers = servers }
        memory.note(cluster)
        return memory
    }

    /// A file that can't be read is kept for who may want to look at it.
    private static func setAside(_ url: URL) -> String? {
        let aside = url.path + ".damaged"
        guard rename(url.path, aside) == 0 else { return nil }
        return "can't read \(url.path), in which the rooms were; it is \(aside) now"
    }

    /// Makes a directory that only its owner can read.
    static func make(_ directory: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw unusable(directory)
        }
    }

    private static func unusable(_ directory: URL) -> Failure {
        Failure("can't write to \(directory.path)")
    }

    private static func find(
        in folder: URL, name: String, servers: [String]
    ) -> (url: URL, content: Content)? {
        let paths = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for path in paths.sorted().prefix(filesMax) where path.hasSuffix(".json") {
            let url = folder.appendingPathComponent(path)
            guard let content = read(url), content.name == name else { continue }
            if !Set(content.servers).isDisjoint(with: servers) { return (url, content) }
        }
        return nil
    }

    private static func read(_ url: URL) -> Content? {
        guard let bytes = FileManager.default.contents(atPath: url.path) else { return nil }
        return try? JSONDecoder().decode(Content.self, from: bytes)
    }

    private static func fileName(_ name: String, _ servers: [String]) -> String {
        // FNV-1a: the same name on every machine, and any other one would do as well.
        let text = ([name] + servers.sorted()).joined(separator: "\n")
        let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return String(hash, radix: 16) + ".json"
    }

    /// Takes note which cluster the rooms that are kept from now on are in.
    func note(_ cluster: ClusterID?) {
        guard let cluster else { return }
        content.withLock { $0.cluster = cluster.description }
    }

    /// Keeps up to where all rooms were shown. A full disk costs the memory, not the chat.
    func save(rooms: [Bookmark], current: String?) {
        content.withLock { content in
            guard content.rooms != rooms || content.current != current else { return }
            content.rooms = rooms
            content.current = current
            let new = url.appendingPathExtension("new")
            guard let bytes = try? JSONEncoder().encode(content), Self.write(bytes, to: new.path)
            else { return }
            rename(new.path, url.path)
        }
    }

    /// Foundation's own way makes one more file for each message.
    private static func write(_ bytes: Data, to path: String) -> Bool {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let file = Glibc.open(path, flags, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
    }

    /// Keeps a board's marks.
    func save(_ board: Board) { save(rooms: board.marks, current: board.current) }
}

extension ChatClient {
    /// Whether anybody is in a room: what was made in another cluster may be nowhere in this one,
    /// and whoever joins it would make it, open to everybody.
    func isThere(_ room: String) async throws(ChatError) -> Bool {
        do throws(ChatError) {
            return try await !members(of: room, isLinearizable: true).isEmpty
        } catch .refused(.notAMember, _) {
            return true
        }
    }

    /// Whether the cluster has the message at a mark: one that was set up anew has not, one that
    /// was restored from a backup may have it.
    /// - Parameter former: Which cluster it was; nil where that is not known.
    func knows(_ mark: Bookmark, of former: String?) async throws(ChatError) -> Bool {
        let present = await cluster()?.description
        if let present, present == former { return true }
        guard let stamp = mark.stamp else {
            guard try await isThere(mark.room) else { return false }
            // Whoever could answer that is in a cluster.
            let present = await cluster()?.description
            return present == nil || former == nil || present == former
        }
        do throws(ChatError) {
            let page = try await history(
                of: mark.room, .before(mark.index + 1), limit: 1, isLinearizable: true)
            return page.messages.last?.index == mark.index
                && page.messages.last?.stamp == stamp
        } catch .refused {
            return true
        }
    }
}
