import Foundation
import Testing

extension CommandTests {
    /// Two of three servers are gone: people and programs are told, and nobody waits for ever.
    @Suite(.timeLimit(.minutes(3))) struct LeaderlessTests {
        private func withoutQuorum(_ body: (TestCluster) throws -> Void) throws {
            try TestCluster.healthy { cluster in
                for number in 2...3 { try cluster.kill(number) }
                try body(cluster)
            }
        }

        @Test func `who says one thing is told that it was not said`() throws {
            try withoutQuorum { cluster in
                let words = ["send", "den", "hello", "--within", "3", "--name", "ada"]
                let ended = try #require(
                    try Running.syncnet(words + cluster.flags).end(within: 20), "waits for ever")
                #expect(ended.code == 1)
                #expect(ended.output.isEmpty)
                #expect(
                    ended.errors.contains("not said: no answer within 3 s"), "\(ended.errors)")
            }
        }

        @Test func `a program hears once that there is no leader, and that there is one again`()
            throws
        {
            try TestCluster.healthy { cluster in
                let program = try Running.syncnet(
                    ["client", "--json", "--name", "ada", "--patience", "60"] + cluster.flags)
                program.type("/join den")
                program.type("/join side")
                #expect(Wait.until(10) { program.text.contains(#""room":"side""#) })
                for number in 2...3 { try cluster.kill(number) }
                program.type("hello")
                #expect(Wait.until(30) { program.text.contains(#""type":"leaderless""#) })
                // It goes round among the servers meanwhile, and is told of old joins there.
                Thread.sleep(forTimeInterval: 12)
                #expect(!program.text.contains(#""type":"led""#))
                for number in 2...3 { try cluster.start(number) }
                #expect(Wait.until(40) { program.text.contains(#""type":"led""#) })
                program.endInput()
                let ended = try #require(program.end(within: 30))
                #expect(ended.code == 0, "\(ended.errors)")
                let types = ended.lines.compactMap { line in
                    let type = line.split(separator: "\"type\":\"").last
                    return type.map { String($0.prefix { $0 != "\"" }) }
                }
                let told = types.filter { ["leaderless", "led", "acknowledged"].contains($0) }
                // Each once; what was said may be acknowledged before anybody has asked again.
                #expect(told.first == "leaderless", "\(ended.output)")
                #expect(told.sorted() == ["acknowledged", "leaderless", "led"], "\(told)")
            }
        }

        @Test func `who writes into a pipe is not kept for ever`() throws {
            try withoutQuorum { cluster in
                let client = try Running.syncnet(
                    ["client", "--name", "ada", "--patience", "1"] + cluster.flags)
                client.type("/join den")
                client.endInput()
                let ended = try #require(client.end(within: 30), "waits for ever")
                #expect(ended.code == 1)
                #expect(ended.errors.contains("not everything was acknowledged"))
            }
        }
    }
}
