import Foundation
import Testing

extension CommandTests {
    /// Disks so small that they can be filled.
    @Suite(
        .timeLimit(.minutes(3)), .enabled(if: SmallDisk.isAllowed, "needs the right to mount"))
    struct FullDiskTests {
        @Test func `a leader whose disk is full steps down, and goes on when there is room`() throws
        {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            var disks: [SmallDisk] = []
            defer { disks.forEach { $0.remove() } }
            for number in 1...3 {
                disks.append(
                    try SmallDisk(cluster.directory.appendingPathComponent("server\(number)")))
            }
            try cluster.start()
            try cluster.becomesHealthy()
            let writer = try Running.syncnet(["client", "--name", "ada"] + cluster.flags)
            writer.type("/join den")
            let leader = try cluster.leader()
            try disks[leader - 1].fill()
            var said = 0
            let isFull = Wait.until(20) {
                said += 1
                writer.type("line \(said)")
                return log(of: leader, in: cluster).contains("serves nobody until there is room")
            }
            try #require(isFull, "\(cluster.logs)")
            #expect(
                Wait.until(15) { !cluster.leaders().isEmpty && !cluster.leaders().contains(leader) }
            )
            #expect(try cluster.server(leader).isRunning, "it waits")
            for _ in 1...20 {
                said += 1
                writer.type("line \(said)")
            }
            writer.endInput()
            let ended = try #require(writer.end(within: 30), "\(cluster.logs)")
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            try disks[leader - 1].makeRoom()
            try cluster.becomesHealthy()
            let page = try #require(
                try Running.syncnet([
                    "history", "den", "--json", "--all", "--linearizable", "--server-port",
                    "\(cluster.ports[leader - 1])",
                ]).end(within: 30))
            #expect(page.lines.count == said)
        }

        @Test func `a server that is started on a full disk waits for room, too`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            let disk = try SmallDisk(cluster.directory.appendingPathComponent("server1"))
            defer { disk.remove() }
            try disk.fill()
            let flags = ["server", "--server-id", "server1"] + cluster.flags
            let tried = try #require(try Running.syncnet(flags + ["--test-mode"]).end(within: 20))
            #expect(tried.code == 1, "a test does not wait")
            #expect(tried.errors.contains("can't write in"), "\(tried.errors)")
            let ended = try Running.syncnet(flags)
            #expect(
                Wait.until(10) { ended.errorText.contains("starts as soon as there is room") },
                "\(ended.errorText)")
            ended.send(SIGTERM)
            #expect(ended.end(within: 20)?.code == 128 + SIGTERM, "nothing runs yet")
            let server = try Running.syncnet(flags)
            #expect(
                Wait.until(10) { server.errorText.contains("starts as soon as there is room") },
                "\(server.errorText)")
            try disk.makeRoom()
            #expect(try cluster.leader() == 1, "\(server.errorText)")
            server.send(SIGTERM)
            #expect(server.end(within: 10)?.code == 0)
        }

        @Test func `a backup onto a full disk names that disk, and leaves nothing there`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            let folder = cluster.directory.appendingPathComponent("backups")
            let disk = try SmallDisk(folder)
            defer { disk.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            try disk.fill()
            let ended = try #require(
                try Running.syncnet(
                    ["backup", folder.path + "/b", "--server-id", "server1"] + cluster.flags
                ).end(within: 20))
            #expect(ended.code == 1)
            #expect(
                ended.errors.hasPrefix("Error: \(folder.path)/b.part: no space is left"),
                "\(ended.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/b"))
        }

        @Test func `a full disk for records costs the record, and the server goes on`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            let folder = cluster.directory.appendingPathComponent("records")
            let disk = try SmallDisk(folder)
            defer { disk.remove() }
            let server = try Running.syncnet(
                ["server", "--server-id", "server1", "--record", folder.path] + cluster.flags)
            _ = try cluster.leader()
            try disk.fill()
            let writer = try Running.syncnet(["client", "--name", "ada"] + cluster.flags)
            writer.type("/join den")
            var said = 0
            let hasStopped = Wait.until(20) {
                said += 1
                writer.type("line \(said)")
                return server.text.contains("recording stops, the server goes on: ")
            }
            #expect(hasStopped, "\(server.text)")
            #expect(server.text.contains("No space left on device"), "\(server.text)")
            writer.type("after all")
            #expect(Wait.until(10) { writer.text.contains("ada: after all") }, "\(server.text)")
            server.send(SIGTERM)
            #expect(server.end(within: 10)?.code == 0)
        }

        private func log(of number: Int, in cluster: TestCluster) -> String {
            (try? cluster.server(number).errorText) ?? ""
        }
    }
}

/// A file system of 24 MiB in memory.
struct SmallDisk {
    private let directory: URL
    private var ballast: URL { directory.appendingPathComponent("ballast") }

    /// Whether this user may mount one here; in many containers not even root may.
    static let isAllowed: Bool = {
        guard geteuid() == 0, let place = try? Place.temporary() else { return false }
        defer { try? FileManager.default.removeItem(at: place) }
        guard let disk = try? SmallDisk(place) else { return false }
        disk.remove()
        return true
    }()

    struct NotMounted: Error {}

    init(_ directory: URL) throws {
        self.directory = directory
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        guard Self.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", directory.path]) else {
            throw NotMounted()
        }
    }

    /// Until nothing more fits.
    func fill() throws {
        let file = open(ballast.path, O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        for size in [1 << 20, 1 << 12] {
            let block = [UInt8](repeating: 7, count: size)
            while write(file, block, size) == size {}
        }
    }

    func makeRoom() throws { try FileManager.default.removeItem(at: ballast) }

    func remove() { _ = Self.run(["umount", "-l", directory.path]) }

    private static func run(_ words: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
