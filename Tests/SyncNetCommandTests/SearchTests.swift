import Foundation
import Testing

extension CommandTests {
    /// Searching in what was said.
    @Suite(.timeLimit(.minutes(5))) struct SearchTests {
        @Test func `one finds what was said in one's own rooms, on every server`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            for (name, room, text) in [
                ("ada", "den", "red apples"), ("ada", "pub", "red wine"),
                ("bob", "bob's", "red herring"),
            ] {
                let sent = try Running.syncnet(
                    ["send", room, text, "--name", name] + cluster.flags)
                #expect(sent.end(within: 10)?.code == 0)
            }
            for port in cluster.ports {
                // A server that lags behind learns of it in a moment.
                let found = try Wait.last(20) {
                    try search(["red"], as: "ada", port)
                } isRight: {
                    $0.lines.count == 2
                }
                #expect(
                    found.lines.map { $0.drop { $0 != "[" } } == [
                        "[den] ada: red apples", "[pub] ada: red wine",
                    ], "\(found)")
            }
            let port = cluster.basePort
            #expect(try search(["red", "--room", "pub"], as: "ada", port).lines.count == 1)
            #expect(try search(["\"(", "*"], as: "ada", port).lines.isEmpty)
            let stranger = try search(["red", "--room", "pub"], as: "bob", port)
            #expect(stranger.code != 0)
            #expect(stranger.errors.contains("not_joined"), "\(stranger)")
        }

        private func search(
            _ words: [String], as name: String, _ port: Int
        ) throws -> Ended {
            let search = try Running.syncnet(
                ["search", "--name", name, "--server-port", "\(port)"] + words)
            return try #require(search.end(within: 10))
        }
    }
}
