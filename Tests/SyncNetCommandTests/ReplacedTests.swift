import Foundation
import Testing

extension CommandTests {
    /// All servers' data are replaced while clients run: what these know of the former cluster
    /// means nothing in the new one.
    @Suite(.timeLimit(.minutes(5))) struct ReplacedTests {
        @Test func `a person goes on in a cluster that was set up anew`() throws {
            try withPlace { cluster, state in
                let ada = try seat("ada", cluster, state)
                ada.type("/join den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                try say(["one", "two", "three"], in: cluster)
                #expect(Wait.until(10) { ada.count(endingIn: "bob: three") == 1 }, "\(ada.text)")
                try replace(in: cluster) { number in
                    try FileManager.default.removeItem(at: directory(of: number, in: cluster))
                }
                #expect(
                    Wait.until(20) { ada.text.contains("the servers' data were replaced") },
                    "\(ada.text)")
                // It was no room of this cluster, unless it was joined before that was known.
                #expect(
                    Wait.until(20) {
                        ada.text.contains("den is not in this cluster")
                            || ada.text.contains("den begins anew")
                    }, "\(ada.text)")
                #expect(try !history(cluster).contains("one"))
                ada.type("/join den\r")
                #expect(Wait.until(20) { ada.prompt == "den>" }, "\(ada.text)")
                try say(["four"], in: cluster)
                #expect(Wait.until(10) { ada.count(endingIn: "bob: four") == 1 }, "\(ada.text)")
                ada.type("five\r")
                #expect(Wait.until(10) { ada.count(endingIn: "ada: five") == 1 }, "\(ada.text)")
                #expect(try !history(cluster).contains("three"))
                ada.type("/quit\r")
                #expect(ada.end(within: 20) == 0)
                let again = try seat("ada", cluster, state)
                #expect(Wait.until(10) { again.prompt == "den>" }, "\(again.text)")
                #expect(!again.text.contains("begins anew"), "\(again.text)")
            }
        }

        @Test func `after a restore who knows more than the backup is not deaf`() throws {
            try withPlace { cluster, state in
                try say(["one"], in: cluster)
                let file = cluster.directory.appendingPathComponent("early.db").path
                let words = ["backup", file, "--server-id", "server1"] + cluster.flags
                #expect(try #require(try Running.syncnet(words).end(within: 20)).code == 0)
                let program = try Running.syncnet(
                    ["client", "--json", "--name", "eve"] + cluster.flags)
                program.type("/join den")
                let listener = try Running.syncnet(["listen", "den"] + cluster.flags)
                let ada = try seat("ada", cluster, state)
                ada.type("/join den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                // One that is in a room of which it was shown nothing.
                ada.type("/join side\r")
                try #require(Wait.until(10) { ada.prompt == "side>" }, "\(ada.text)")
                try say((2...30).map { "line \($0)" }, in: cluster)
                #expect(Wait.until(10) { program.text.contains("line 30") })
                #expect(Wait.until(10) { listener.text.contains("line 30") })
                try replace(in: cluster, then: restore(file, in: cluster)) { number in
                    let folder = directory(of: number, in: cluster)
                    try FileManager.default.moveItem(
                        at: folder, to: folder.appendingPathExtension("aside"))
                }
                #expect(
                    Wait.until(30) { ada.text.contains("side is not in this cluster") },
                    "\(ada.text)")
                try say(["after"], in: cluster)
                #expect(Wait.until(10) { ada.prompt.hasSuffix("(den 1)>") }, "\(ada.text)")
                ada.type("/join den\r")
                #expect(
                    Wait.until(10) { ada.count(endingIn: "bob: after") == 1 }, "\(ada.text)")
                let ended = try #require(program.end(within: 20), "goes on in another cluster")
                #expect(ended.code == 1)
                #expect(ended.output.contains(#""type":"replaced""#), "\(ended.output)")
                let deaf = try #require(listener.end(within: 20), "listens to nothing for ever")
                #expect(deaf.code == 1)
                #expect(deaf.errors.contains("were replaced"), "\(deaf.errors)")
            }
        }

        // MARK: Steps

        private func replace(
            in cluster: TestCluster, then: () throws -> Void = {}, _ each: (Int) throws -> Void
        ) throws {
            for number in 1...3 { _ = try cluster.stop(number) }
            for number in 1...3 { try each(number) }
            try then()
            try cluster.start()
            try cluster.becomesHealthy()
        }

        private func restore(_ file: String, in cluster: TestCluster) -> () throws -> Void {
            {
                let words = ["restore", file, "--new-cluster"] + cluster.flags
                let ended = try #require(try Running.syncnet(words).end(within: 20))
                try #require(ended.code == 0, "\(ended.errors)")
            }
        }

        private func say(
            _ texts: [String], to room: String = "den", in cluster: TestCluster
        ) throws {
            let client = try Running.syncnet(["client", "--name", "bob"] + cluster.flags)
            client.type("/join \(room)")
            for text in texts { client.type(text) }
            client.endInput()
            let ended = try #require(client.end(within: 30))
            try #require(ended.code == 0, "\(ended.output)\(ended.errors)\(cluster.logs)")
        }

        private func history(_ cluster: TestCluster) throws -> String {
            let words = ["history", "den", "--all"] + cluster.flags
            return try #require(try Running.syncnet(words).end(within: 20)).output
        }

        private func directory(of number: Int, in cluster: TestCluster) -> URL {
            cluster.directory.appendingPathComponent("server\(number)")
        }

        private func seat(
            _ name: String, _ cluster: TestCluster, _ state: URL
        ) throws -> TerminalSeat {
            let seat = try TerminalSeat(["client", "--name", name] + cluster.flags, state: state)
            try #require(Wait.until(10) { seat.text.contains("connected to") }, "\(seat.text)")
            return seat
        }

        private func withPlace(_ body: (TestCluster, URL) throws -> Void) throws {
            let state = try Place.temporary()
            defer { try? FileManager.default.removeItem(at: state) }
            try TestCluster.healthy { try body($0, state) }
        }
    }
}
