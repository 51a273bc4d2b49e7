import Foundation
import Testing

extension CommandTests {
    /// Starts that can't work, and ends that leave nothing.
    @Suite(.timeLimit(.minutes(5))) struct StartAndStopTests {
        @Test func `a port in use is named, with its purpose, and the server ends`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start(1)
            let port = cluster.basePort
            try #require(Wait.until(10) { GuideMonitor.answer(port: port) != nil })
            let other = try Place.temporary()
            defer { remove(other) }
            let second = try #require(
                try Running.syncnet([
                    "server", "--server-id", "server1", "--members", cluster.members,
                    "--data-dir", other.path,
                ]).end(within: 10))
            #expect(second.code != 0)
            #expect(second.errors.contains("\(port)"), "\(second.errors)")
            #expect(second.errors.contains("in use"), "\(second.errors)")
            #expect(second.errors.contains("clients"), "\(second.errors)")
            expectOneLine(second)
        }

        @Test(arguments: [nil, 1, 3])
        func `up does not take another cluster at its ports for its own`(down: Int?) throws {
            try TestCluster.healthy { cluster in
                if let down { #expect(try cluster.stop(down)?.code == 0) }
                let other = try Place.temporary()
                defer { remove(other) }
                let up = try Running.syncnet([
                    "up", "--members", cluster.members, "--data-dir", other.path,
                ])
                let ended = try #require(up.end(within: 30))
                #expect(ended.code == 1)
                #expect(ended.errors.contains("a cluster runs at"), "\(ended.errors)")
                #expect(!ended.output.contains("healthy"), "\(ended.output)")
                expectOneLine(ended)
            }
        }

        @Test func `a server that is given another one's data says whose they are, and ends`()
            throws
        {
            try TestCluster.healthy { cluster in
                for number in [2, 3] { #expect(try cluster.stop(number)?.code == 0) }
                let files = FileManager.default
                let folders = [2, 3].map {
                    cluster.directory.appendingPathComponent("server\($0)")
                }
                try files.removeItem(at: folders[1])
                try files.copyItem(at: folders[0], to: folders[1])
                try cluster.start(3)
                let ended = try #require(cluster.server(3).end(within: 20))
                #expect(ended.code != 0)
                #expect(
                    ended.errors.contains("the data of server2, not its own"), "\(ended.errors)")
                // Emptied, it is filled by the others.
                try files.removeItem(at: folders[1])
                for number in [2, 3] { try cluster.start(number) }
                try cluster.becomesHealthy(within: 40)
            }
        }

        @Test(arguments: [
            ("a=localhost:9000,a=localhost:9001", "used more than once"),
            ("a=localhost:9000,b=localhost:9010", "share port 9010"),
            ("a=localhost:9000,b=localhost:65500", "out of range"),
            ("a=192.0.2.1:9000", "loopback"),
            ("a=somewhere:9000", "no IPv4"),
            ("a=localhost", "server1=localhost:8000"),
        ]) func `bad members are refused in one line`(members: String, words: String) throws {
            let ended = try #require(
                try Running.syncnet(["server", "--server-id", "a", "--members", members])
                    .end(within: 20))
            #expect(ended.code != 0)
            #expect(ended.errors.contains(words), "\(ended.errors)")
            expectOneLine(ended)
        }

        @Test(arguments: [
            ("servers: [", "no YAML"), ("server: 1", "cluster.yaml:1: there is no \"server\""),
            ("servers:\n- {id: a, base_port: many}", "cluster.yaml:2: base_port"),
            ("timing: fast", "no profile \"fast\""), ("timing: {death: 1 day}", "death"),
            ("servers: []", "names no server"), ("log_level: loud", "loud"),
            (
                "servers:\n- {id: a, base_port: 9000, ring_position: 1}\n"
                    + "- {id: b, base_port: 9001, ring_position: 1}\n", "ring position 1"
            ),
        ]) func `a bad file is refused in one line`(text: String, words: String) throws {
            let directory = try Place.temporary()
            defer { remove(directory) }
            let file = directory.appendingPathComponent("cluster.yaml")
            try Data(text.utf8).write(to: file)
            let ended = try #require(
                try Running.syncnet(["server", "--server-id", "a", "--config", file.path])
                    .end(within: 20))
            #expect(ended.code != 0)
            #expect(ended.errors.contains(words), "\(ended.errors)")
            expectOneLine(ended)
        }

        @Test func `test mode starts and stops cleanly within ten seconds`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            let ended = try #require(
                try Running.syncnet(
                    ["server", "--server-id", "server1", "--test-mode"] + cluster.flags
                ).end(within: 10))
            #expect(ended.code == 0, "\(ended.errors)")
        }

        @Test func `a directory that can't be written is named in one line`() throws {
            // Nobody makes directories there, not even root.
            try expectRefusal(of: "/sys/kernel/syncnet")
        }

        @Test func `a data directory that is a file is named in one line`() throws {
            let directory = try Place.temporary()
            defer { remove(directory) }
            let file = directory.appendingPathComponent("file")
            try Data("x".utf8).write(to: file)
            try expectRefusal(of: file.path)
        }

        @Test func `two servers don't share one directory`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start(1)
            let port = cluster.basePort
            try #require(Wait.until(10) { GuideMonitor.answer(port: port) != nil })
            let path = cluster.directory.path
            let second = try #require(
                try Running.syncnet([
                    "server", "--server-id", "server1", "--base-port",
                    "\(TestCluster.freshPorts())", "--data-dir", path,
                ]).end(within: 10))
            #expect(second.code != 0)
            #expect(second.errors.contains(path), "\(second.errors)")
            expectOneLine(second)
            let goesOn = Wait.until(10) { GuideMonitor.answer(port: port) != nil }
            #expect(goesOn, "the first one goes on")
        }

        private func expectRefusal(of path: String) throws {
            let port = TestCluster.freshPorts()
            let ended = try #require(
                try Running.syncnet([
                    "server", "--server-id", "server1", "--base-port", "\(port)", "--data-dir",
                    path,
                ]).end(within: 10))
            #expect(ended.code != 0)
            #expect(ended.errors.contains(path), "\(ended.errors)")
            expectOneLine(ended)
        }

        @Test func `starting and stopping quickly neither hangs nor fails`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            for milliseconds in [0, 5, 20, 50, 100, 200, 400, 800] {
                try cluster.start(1)
                Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
                let ended = try #require(try cluster.stop(1), "hangs after \(milliseconds) ms")
                // Before it says so it has no handler of signals yet.
                let isClean =
                    ended.code == 0
                    || ended.code == 128 + SIGTERM && !ended.errors.contains("starting server1")
                #expect(isClean, "\(ended.code) after \(milliseconds) ms: \(ended.errors)")
            }
            try cluster.start(1)
            let port = cluster.basePort
            try #require(Wait.until(20) { GuideMonitor.answer(port: port) != nil })
            #expect(try cluster.stop(1)?.code == 0)
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func `up starts three servers, and a signal stops all of them`(signal: Int32) throws {
            let directory = try Place.temporary()
            defer { remove(directory) }
            let port = TestCluster.freshPorts()
            let running = try up(port, directory)
            let isHealthy = Wait.until(20) { running.text.contains("the cluster is healthy") }
            #expect(isHealthy, "\(running.text)")
            for name in ["server1 │", "server2 │", "server3 │", "leads epoch"] {
                #expect(running.text.contains(name), "\(running.text)")
            }
            #expect(!running.text.contains("\u{1B}"), "no colours where no terminal is")
            running.send(signal)
            let ended = try #require(running.end(within: 15))
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            expectNobody(on: port)
        }

        @Test func `servers end when up is killed, and one that dies is reported`() throws {
            let directory = try Place.temporary()
            defer { remove(directory) }
            let port = TestCluster.freshPorts()
            let running = try up(port, directory)
            try #require(Wait.until(20) { running.text.contains("the cluster is healthy") })
            let pid = try String(
                contentsOf: directory.appendingPathComponent("server2/server.pid"),
                encoding: .utf8)
            kill(try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
            let isReported = Wait.until(20) { running.text.contains("server2 was killed") }
            #expect(isReported, "\(running.text)")
            let goesOn = Wait.until(10) { GuideMonitor.answer(port: port) != nil }
            #expect(goesOn, "the others go on")
            running.send(SIGKILL)
            _ = running.end(within: 20)
            let isOver = Wait.until(10) { (0..<3).allSatisfy { !answers(port + $0) } }
            #expect(isOver, "servers outlive the process that started them")
        }

        private func up(_ port: Int, _ directory: URL) throws -> Running {
            try Running.syncnet([
                "up", "--base-port", "\(port)", "--data-dir", directory.path,
            ])
        }

        private func expectNobody(on port: Int) {
            for offset in 0..<3 { #expect(!answers(port + offset), "port \(port + offset)") }
        }

        private func answers(_ port: Int) -> Bool { GuideMonitor.answer(port: port) != nil }

        private func expectOneLine(_ ended: Ended) {
            let lines = ended.errors.split(separator: "\n").filter { $0.contains("rror") }
            #expect(lines.count == 1, "\(ended.errors)")
        }

        private func remove(_ directory: URL) {
            do { try FileManager.default.removeItem(at: directory) } catch { return }
        }
    }
}
