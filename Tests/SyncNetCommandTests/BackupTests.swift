import Foundation
import Testing

extension CommandTests {
    /// Copies of data, and directories made of them, with real servers.
    @Suite(.timeLimit(.minutes(5))) struct BackupTests {
        @Test func `a backup while clients write brings a lost server back`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            try chat(100, in: cluster)
            let writer = try Running.syncnet(["client", "--name", "ada"] + cluster.flags)
            writer.type("/join den")
            for number in 1...200 { writer.type("busy \(number)") }
            let file = cluster.directory.appendingPathComponent("one.db").path
            let backup = try run(["backup", file, "--server-id", "server2"], cluster)
            #expect(backup.code == 0, "\(backup.errors)")
            #expect(backup.output.contains("verified"), "\(backup.output)")
            writer.endInput()
            #expect(try #require(writer.end(within: 30)).code == 0)
            try expectRefusal(
                ["backup", file, "--server-id", "server2"], cluster, "is there already")
            try expectRefusal(
                ["restore", file, "--server-id", "server2"], cluster, "in use by another server")
            try cluster.kill(2)
            try expectRefusal(
                ["restore", file, "--server-id", "server2"], cluster, "holds data already")
            try FileManager.default.removeItem(at: directory(of: 2, in: cluster))
            let restored = try run(["restore", file, "--server-id", "server2"], cluster)
            #expect(restored.code == 0, "\(restored.errors)")
            try cluster.start(2)
            let isAdmitted = Wait.until(20) {
                (try? cluster.server(2).text.contains("a full member again")) ?? false
            }
            #expect(isAdmitted, "\(cluster.logs)")
            try cluster.becomesHealthy()
            for port in cluster.ports { #expect(try texts("den", port: port).count == 300) }
        }

        @Test func `a new cluster begins with a backup's history`() throws {
            let former = try TestCluster()
            defer { former.remove() }
            try former.start()
            try former.becomesHealthy()
            try chat(50, in: former)
            let file = former.directory.appendingPathComponent("all.db").path
            #expect(try run(["backup", file, "--server-id", "server1"], former).code == 0)
            let saved = try texts("den", port: former.ports[0])
            try chat(5, in: former)
            try expectRefusal(["restore", file, "--new-cluster"], former, "holds data already")
            let new = try TestCluster()
            defer { new.remove() }
            let folder = directory(of: 2, in: new)
            try FileManager.default.createDirectory(
                at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: folder)
            try expectRefusal(["restore", file, "--new-cluster"], new, "is no directory")
            #expect(!FileManager.default.fileExists(atPath: directory(of: 1, in: new).path))
            try FileManager.default.removeItem(at: folder)
            let restored = try run(["restore", file, "--new-cluster"], new)
            #expect(restored.code == 0, "\(restored.errors)")
            try new.start()
            try new.becomesHealthy()
            for port in new.ports { #expect(try texts("den", port: port) == saved) }
            try chat(5, in: new)
            #expect(try texts("den", port: new.ports[2]).count == 55)
            #expect(try texts("den", port: former.ports[2]).count == 55, "each goes its own way")
        }

        @Test func `wipe-and-rejoin sets the data aside, and the others fill the server`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            try chat(100, in: cluster)
            let wipe = ["wipe-and-rejoin", "--server-id", "server3"]
            try expectRefusal(wipe, cluster, "server3 runs")
            try cluster.kill(3)
            let ended = try run(wipe, cluster, within: 60)
            defer { stop(3, in: cluster) }
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(ended.output.contains("server3 is a full member again"), "\(ended.output)")
            try cluster.becomesHealthy()
            #expect(try texts("den", port: cluster.ports[2]).count == 100)
            let names = try FileManager.default.contentsOfDirectory(atPath: cluster.directory.path)
            let aside = try #require(names.first { $0.hasPrefix("server3.aside-") })
            let database = cluster.directory.appendingPathComponent("\(aside)/syncnet.db")
            #expect(FileManager.default.fileExists(atPath: database.path))
        }

        @Test func `what may be the only copy is not set aside`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            try chat(1, in: cluster)
            for number in [2, 3] { try cluster.kill(number) }
            try expectRefusal(
                ["wipe-and-rejoin", "--server-id", "server3"], cluster, "the only copy")
            let database = directory(of: 3, in: cluster).appendingPathComponent("syncnet.db")
            #expect(FileManager.default.fileExists(atPath: database.path))
        }

        @Test func `damaged data is named at the start, with what to do`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            try chat(20, in: cluster)
            _ = try cluster.stop(2)
            let database = directory(of: 2, in: cluster).appendingPathComponent("syncnet.db")
            var data = try Data(contentsOf: database)
            let place = try #require(data.firstRange(of: Data("line 11".utf8)))
            data[place.lowerBound] ^= 1
            try data.write(to: database)
            try cluster.start(2)
            let ended = try #require(try cluster.server(2).end(within: 10))
            #expect(ended.code == 1)
            let lines = ended.errors.split(separator: "\n").filter { $0.contains("is damaged") }
            #expect(lines.count == 1, "\(ended.errors)")
            #expect(lines.first?.contains("wipe-and-rejoin") == true, "\(ended.errors)")
            #expect(lines.first?.contains(database.path) == true, "\(ended.errors)")
        }

        // MARK: Steps

        private func run(
            _ arguments: [String], _ cluster: TestCluster, within seconds: Double = 20
        ) throws -> Ended {
            try #require(try Running.syncnet(arguments + cluster.flags).end(within: seconds))
        }

        private func expectRefusal(
            _ arguments: [String], _ cluster: TestCluster, _ words: String
        ) throws {
            let ended = try run(arguments, cluster)
            #expect(ended.code == 1, "\(arguments)")
            #expect(ended.errors.contains(words), "\(ended.errors)")
            #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        }

        private func chat(_ count: Int, in cluster: TestCluster) throws {
            let client = try Running.syncnet(["client", "--name", "ada"] + cluster.flags)
            client.type("/join den")
            for number in 1...count { client.type("line \(number)") }
            client.endInput()
            let ended = try #require(client.end(within: 30))
            try #require(ended.code == 0, "\(ended.output)\(ended.errors)\(cluster.logs)")
        }

        private func texts(_ room: String, port: Int) throws -> [String] {
            let page = try #require(
                try Running.syncnet([
                    "history", room, "--json", "--all", "--linearizable", "--server-port",
                    "\(port)",
                ]).end(within: 30))
            try #require(page.code == 0, "\(page.errors)")
            return page.lines
        }

        private func directory(of number: Int, in cluster: TestCluster) -> URL {
            cluster.directory.appendingPathComponent("server\(number)")
        }

        /// A server that a command has started is not the test's own child.
        private func stop(_ number: Int, in cluster: TestCluster) {
            let file = directory(of: number, in: cluster).appendingPathComponent("server.pid")
            guard let text = try? String(contentsOf: file, encoding: .utf8),
                let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
            else { return }
            kill(process, SIGKILL)
        }
    }
}
