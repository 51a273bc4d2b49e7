import Foundation
import Testing

extension CommandTests {
    /// What a server writes while it runs.
    @Suite(.timeLimit(.minutes(2))) struct LogTests {
        struct Line: Decodable {
            var time: String
            var level: String
            var label: String
            var message: String
            var metadata: [String: String]
        }

        private func lines(of ended: Ended) throws -> [Line] {
            let texts = ended.errors.split(separator: "\n")
            return try texts.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        }

        @Test func `with --log-format json every line is one object`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            let began = Date()
            let ended = try #require(
                try Running.syncnet(
                    ["server", "--server-id", "server1", "--test-mode", "--log-format", "json"]
                        + cluster.flags
                ).end(within: 10))
            #expect(ended.code == 0)
            #expect(ended.output.isEmpty)
            let lines = try lines(of: ended)
            #expect(lines.contains { $0.message.hasPrefix("elected: this server leads") })
            #expect(lines.contains { $0.message == "stopped server1" })
            let start = try #require(lines.first)
            #expect(start.message == "starting server1 on 127.0.0.1")
            #expect(start.metadata["servers"] == "1")
            for line in lines {
                #expect(line.label == "server1")
                #expect(["info", "notice"].contains(line.level), "\(line)")
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                let time = try style.parse(line.time)
                #expect(abs(time.timeIntervalSince(began)) < 60, "\(line.time)")
            }
        }

        @Test func `a start that fails says so in JSON as well`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            _ = try cluster.leader()
            let other = try Place.temporary()
            defer { try? FileManager.default.removeItem(at: other) }
            let second = try Running.syncnet(
                [
                    "server", "--server-id", "server1", "--members", cluster.members,
                    "--data-dir", other.path,
                ], environment: ["SYNCNET_LOG_FORMAT": "json"])
            let ended = try #require(second.end(within: 10))
            #expect(ended.code == 1)
            let last = try #require(try lines(of: ended).last)
            #expect(last.level == "critical")
            #expect(last.message.contains("already in use"), "\(last)")
        }

        @Test func `an unknown format is refused in one line`() throws {
            let ended = try #require(
                try Running.syncnet(["server", "--server-id", "server1", "--log-format", "xml"])
                    .end(within: 20))
            #expect(ended.code == 1)
            #expect(ended.errors == "Error: there is no log format \"xml\", only text, json\n")
        }
    }
}
