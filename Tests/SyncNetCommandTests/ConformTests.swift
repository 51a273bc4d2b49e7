import Foundation
import Testing

extension CommandTests {
    /// Records of real processes, and the command that feeds them to the machine.
    @Suite(.timeLimit(.minutes(3))) struct ConformTests {
        private func conform(_ paths: String...) throws -> Ended {
            try #require(try Running.syncnet(["conform"] + paths).end(within: 60))
        }

        /// A cluster of one whose server records, is killed, and starts again.
        private func withRecords(
            _ flags: [String] = [],
            _ body: (_ directory: URL, _ cluster: TestCluster) throws -> Void
        ) throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            let records = cluster.directory.appendingPathComponent("records")
            for signal in [SIGKILL, SIGTERM] {
                let server = try Running.syncnet(
                    ["server", "--server-id", "server1", "--record", records.path]
                        + cluster.flags + flags)
                _ = try cluster.leader()
                let sent = try Running.syncnet(
                    ["send", "den", "hello \(signal)", "--name", "ada"] + cluster.flags)
                #expect(try #require(sent.end(within: 20)).code == 0)
                Thread.sleep(forTimeInterval: 0.4)
                server.send(signal)
                _ = server.end(within: 10)
            }
            try body(records, cluster)
        }

        @Test func `each start makes a record of its own, and the machine does what it did`() throws
        {
            try withRecords { records, _ in
                let names = try FileManager.default.contentsOfDirectory(atPath: records.path)
                #expect(names.sorted() == ["server1-000001.record", "server1-000002.record"])
                let ended = try conform(records.path)
                #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
                #expect(ended.lines.count == 3)
                #expect(ended.lines[0].hasPrefix("server1-000001.record: "))
                #expect(ended.lines[0].hasSuffix(", no difference; the server did not end it"))
                #expect(ended.lines[1].hasSuffix(" s, no difference"))
                #expect(ended.lines[2].hasPrefix("2 records, "))
                #expect(ended.lines[2].hasSuffix(": no difference"))
            }
        }

        @Test func `a tear is told quietly, damage is an error, each on a line`() throws {
            try withRecords { records, _ in
                let path = records.appendingPathComponent("server1-000002.record")
                let bytes = try Data(contentsOf: path)
                try bytes.dropLast(3).write(to: path)
                let torn = try conform(path.path)
                #expect(torn.code == 0, "\(torn.output)\(torn.errors)")
                #expect(torn.output.contains("no difference; torn: the last "))
                var damaged = bytes
                damaged[bytes.count / 2] ^= 0x40
                try damaged.write(to: path)
                let bad = try conform(path.path)
                #expect(bad.code == 1)
                #expect(
                    bad.errors.hasPrefix("Error: server1-000002.record is damaged behind event "))
                #expect(bad.errors.split(separator: "\n").count == 1, "\(bad.errors)")
            }
        }

        @Test func `what is no record is told on a line`() throws {
            let place = try Place.temporary()
            defer { do { try FileManager.default.removeItem(at: place) } catch {} }
            let other = place.appendingPathComponent("other.txt")
            try Data("something else".utf8).write(to: other)
            let later = place.appendingPathComponent("later.txt")
            try Data("SyncNet record\n\u{7}".utf8).write(to: later)
            for (path, words) in [
                (other.path, "other.txt is no record"),
                (later.path, "later.txt is a record of version 7: only 4 is read here"),
                (place.path, "there is no record in"), (place.path + "/none", "there is no "),
            ] {
                let ended = try conform(path)
                #expect(ended.code != 0)
                #expect(ended.errors.contains("Error: "), "\(ended.errors)")
                #expect(ended.errors.contains(words), "\(ended.errors)")
                #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
            }
        }

        @Test func `no password and no token stands in a record`() throws {
            try withRecords(["--set", "record_effects=full", "--accounts", "optional"]) {
                records, cluster in
                let server = try Running.syncnet(
                    ["server", "--server-id", "server1", "--accounts", "optional"]
                        + cluster.flags,
                    environment: ["SYNCNET_RECORD": records.path])
                _ = try cluster.leader()
                let command = try Running.syncnet(
                    ["account", "add", "ada", "--password-stdin"] + cluster.flags)
                command.type("open-sesame")
                #expect(try #require(command.end(within: 30)).code == 0)
                let script = Place.package.appendingPathComponent(
                    "Tests/PlainClient/plain_login.py")
                let login = try Running.python(
                    [script.path, "\(cluster.ports[0])", "ada", "open-sesame"])
                #expect(try #require(login.end(within: 60)).output.contains("in"))
                server.send(SIGTERM)
                _ = server.end(within: 10)
                let token = try String(
                    contentsOf: cluster.directory.appendingPathComponent(
                        "server1/operator.token"), encoding: .utf8
                ).trimmingCharacters(in: .whitespacesAndNewlines)
                let names = try FileManager.default.contentsOfDirectory(atPath: records.path)
                #expect(names.count == 3)
                for name in names {
                    let bytes = try Data(contentsOf: records.appendingPathComponent(name))
                    for secret in ["open-sesame", "scrypt$", token] {
                        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)")
                    }
                }
                let ended = try conform(records.path)
                #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            }
        }

        @Test(.enabled(if: SmallDisk.isAllowed, "needs the right to mount"))
        func `a full disk ends the record, and not the server`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            let records = cluster.directory.appendingPathComponent("records")
            let disk = try SmallDisk(records)
            defer { disk.remove() }
            let server = try Running.syncnet(
                ["server", "--server-id", "server1", "--record", records.path] + cluster.flags)
            _ = try cluster.leader()
            try disk.fill()
            let text = String(repeating: "hello", count: 2_000)
            for number in 0..<40 {
                let sent = try Running.syncnet(
                    ["send", "den", text, "--name", "\(number)"] + cluster.flags)
                #expect(try #require(sent.end(within: 20)).code == 0)
                if server.errorText.contains("recording stops") { break }
            }
            #expect(server.errorText.contains("recording stops, the server goes on"))
            #expect(Wait.until(10) { cluster.leaders() == [1] })
            server.send(SIGTERM)
            #expect(try #require(server.end(within: 10)).code == 0)
            let ended = try conform(records.path)
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
        }

        @Test func `up records all its servers`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            let records = cluster.directory.appendingPathComponent("records")
            let up = try Running.syncnet(["up", "--record", records.path] + cluster.flags)
            _ = try cluster.leader()
            up.send(SIGTERM)
            _ = up.end(within: 20)
            let ended = try conform(records.path)
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(ended.lines.last?.hasPrefix("3 records, ") == true)
        }
    }
}
