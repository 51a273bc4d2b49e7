import Foundation
import Testing

extension CommandTests {
    /// The commands that restart a cluster, or show one off, and judge it.
    @Suite(.timeLimit(.minutes(5))) struct RehearsalTests {
        @Test func `rolling-restart restarts a running cluster, and clients lose nothing`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let before = try (1...3).map { try processID(of: $0, in: cluster) }
            let restart = try Running.syncnet(["rolling-restart"] + cluster.flags)
            let ended = try #require(restart.end(within: 120), "\(restart.text)\(cluster.logs)")
            let after = (1...3).compactMap { try? processID(of: $0, in: cluster) }
            defer { for process in after { kill(process, SIGKILL) } }
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(after.count == 3)
            #expect(Set(before).isDisjoint(with: after), "\(before) \(after)")
            #expect(ended.output.contains("longest pause of all: "), "\(ended.output)")
            #expect(ended.output.contains("All 5 claims held."), "\(ended.output)")
            for line in ended.lines where line.contains("longest pause") { print(line) }
        }

        @Test func `rolling-restart does not begin where a server is down`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            try cluster.kill(2)
            let ended = try #require(
                try Running.syncnet(["rolling-restart"] + cluster.flags).end(within: 20))
            #expect(ended.code == 1)
            #expect(ended.errors.contains("server2 does not run on this machine"))
            #expect(cluster.leaders().count <= 1)
            #expect(try cluster.server(1).isRunning)
            #expect(try cluster.server(3).isRunning)
        }

        @Test func `demo says what did not hold, and its exit code says so too`() throws {
            let other = try TestCluster(size: 1)
            defer { other.remove() }
            try other.start()
            _ = try other.leader()
            // The port of its first server is taken: it can't form a cluster of three.
            let demo = try Running.syncnet([
                "demo", "formation", "--base-port", "\(other.basePort)",
            ])
            let ended = try #require(demo.end(within: 90))
            #expect(ended.code == 1, "\(ended.output)\(ended.errors)")
            #expect(ended.output.contains("NOT SO"), "\(ended.output)")
            #expect(ended.output.contains("did not hold"), "\(ended.output)")
        }

        private func processID(of number: Int, in cluster: TestCluster) throws -> Int32 {
            let file = cluster.directory.appendingPathComponent("server\(number)/server.pid")
            let text = try String(contentsOf: file, encoding: .utf8)
            return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }
}
