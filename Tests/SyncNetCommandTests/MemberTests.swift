import Foundation
import Testing

extension CommandTests {
    /// Servers come and go while the cluster runs, by the commands that the pages name.
    @Suite(.timeLimit(.minutes(5))) struct MemberTests {
        @Test func `a server is added, another removed, with a rolling restart before and after`()
            throws
        {
            let cluster = try TestCluster(size: 4)
            defer { cluster.remove() }
            let three = cluster.members.split(separator: ",").prefix(3).joined(separator: ",")
            let data = ["--data-dir", cluster.directory.path]
            var started = try (1...3).map {
                try server($0, ["--members", three, "--log-format", "json"] + data)
            }
            defer {
                for number in 1...4 {
                    if let process = try? processID(of: number, in: cluster) {
                        kill(process, SIGKILL)
                    }
                }
                started.removeAll()
            }
            try succeed(["status", "--wait", "30", "--members", three] + data)

            let restart = try succeed(["rolling-restart", "--writers", "1"] + cluster.flags)
            #expect(restart.contains("server4 is no member of the cluster, and is left alone"))
            let words = try String(
                contentsOfFile: "/proc/\(processID(of: 1, in: cluster))/cmdline", encoding: .utf8)
            #expect(words.contains("--log-format\0json"), "\(words)")

            let early = try Running.syncnet(
                ["member", "add", "server4", "--patience", "1"] + cluster.flags)
            let refused = try #require(early.end(within: 30))
            #expect(refused.code == 1)
            #expect(
                refused.errors.contains("server4 can be added once it runs"), "\(refused.errors)")

            started.append(try server(4, cluster.flags))
            try succeed(["member", "add", "server4"] + cluster.flags)
            try succeed(["status", "--wait", "30"] + cluster.flags)

            try succeed(["member", "remove", "server2"] + cluster.flags)
            let status = try succeed(["status", "--wait", "30"] + cluster.flags)
            #expect(status.contains("no member") || status.contains("server2"), "\(status)")
            #expect(Wait.until(30) { (try? processID(of: 2, in: cluster)) == nil })
            let later = try succeed(["status", "--wait", "30"] + cluster.flags)
            #expect(later.contains("no member"), "\(later)")
            let again = try succeed(["rolling-restart", "--writers", "1"] + cluster.flags)
            #expect(again.contains("server2 is no member of the cluster, and is left alone"))
        }

        @Test func `the last member can't be removed, and that is said at once`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let removal = try Running.syncnet(["member", "remove", "server1"] + cluster.flags)
            let ended = try #require(removal.end(within: 10))
            #expect(ended.code == 1)
            #expect(ended.errors.contains("server1 is the last member"), "\(ended.errors)")
            #expect(cluster.leaders() == [1])
        }

        @Test func `what a server keeps is for its user alone`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let files = FileManager.default
            let folder = cluster.directory.appendingPathComponent("server1").path
            for name in try files.contentsOfDirectory(atPath: folder) {
                let facts = try files.attributesOfItem(atPath: "\(folder)/\(name)")
                let bits = try #require(facts[.posixPermissions] as? NSNumber).intValue
                #expect(bits & 0o077 == 0, "\(name) has mode \(String(bits, radix: 8))")
            }
        }

        @Test(arguments: ["0", "65536", "99999"])
        func `a port that is none is named on one line`(port: String) throws {
            let running = try Running.syncnet(["send", "r", "hello", "--server-port", port])
            let ended = try #require(running.end(within: 10))
            #expect(ended.code == 1)
            #expect(ended.errors.contains("has to be from 1 to 65535, not \(port)"))
            #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        }

        private func server(_ number: Int, _ flags: [String]) throws -> Running {
            try Running.syncnet(["server", "--server-id", "server\(number)"] + flags)
        }

        /// What it printed. Its exit code has to be 0.
        @discardableResult
        private func succeed(_ arguments: [String]) throws -> String {
            let ended = try #require(try Running.syncnet(arguments).end(within: 90))
            #expect(ended.code == 0, "\(arguments): \(ended.output)\(ended.errors)")
            return ended.output
        }

        private func processID(of number: Int, in cluster: TestCluster) throws -> Int32 {
            let file = cluster.directory.appendingPathComponent("server\(number)/server.pid")
            let text = try String(contentsOf: file, encoding: .utf8)
            return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }
}
