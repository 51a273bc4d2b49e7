import Foundation
import Testing

extension CommandTests {
    /// What is written, and what becomes of what can't be.
    @Suite(.timeLimit(.minutes(5))) struct OutputTests {
        /// The command, writing onto a disk that is full.
        private func ontoFullDisk(_ words: [String], in cluster: TestCluster) throws -> Running {
            try Running(
                URL(fileURLWithPath: "/bin/sh"),
                ["-c", "exec \"$0\" \"$@\" >/dev/full", Place.command.path] + words
                    + cluster.flags)
        }

        private let complaint = "Error: can't write the output: No space left on device\n"

        @Test func `what can't be written is told, and is no success`() throws {
            try TestCluster.healthy { cluster in
                for words in [
                    ["send", "den", "one"], ["history", "den"], ["status"], ["status", "--json"],
                    ["search", "one", "--json"], ["check-config"],
                ] {
                    let ended = try #require(try ontoFullDisk(words, in: cluster).end(within: 10))
                    #expect(ended.code == 1, "\(words)")
                    #expect(ended.errors == complaint, "\(words)")
                }
            }
        }

        @Test func `a message that could not be written comes at the next start`() throws {
            try TestCluster.healthy { cluster in
                let words = [
                    "client", "--name", "ann", "--state", cluster.directory.path + "/state",
                ]
                let first = try Running.syncnet(words + cluster.flags)
                first.type("/join den")
                first.endInput()
                #expect(try #require(first.end(within: 10)).code == 0)
                let sent = try Running.syncnet(
                    ["send", "den", "one", "--name", "bob"] + cluster.flags)
                #expect(sent.end(within: 10)?.code == 0)
                let lost = try ontoFullDisk(words, in: cluster)
                // Whether the message comes in time or not: it is not shown.
                lost.type("/rooms")
                #expect(!Wait.until(1) { !lost.isRunning })
                lost.endInput()
                let ended = try #require(lost.end(within: 10))
                #expect(ended.code == 1)
                #expect(ended.errors == complaint)
                let next = try Running.syncnet(words + cluster.flags)
                #expect(Wait.until(10) { next.text.contains("[den] bob: one") })
                next.endInput()
                #expect(next.end(within: 10)?.code == 0)
            }
        }

        @Test func `a client ends when it is told to, though its input stays open`() throws {
            try TestCluster.healthy { cluster in
                let polite = try Running.syncnet(["client", "--json"] + cluster.flags)
                polite.type("{\"command\":\"join\",\"room\":\"den\"}")
                polite.type("{\"command\":\"quit\"}")
                #expect(polite.end(within: 8)?.code == 0, "\(polite.text)")
                for signal in [SIGTERM, SIGINT] {
                    let other = try Running.syncnet(["client"] + cluster.flags)
                    other.type("/join den")
                    #expect(Wait.until(10) { other.text.contains("den") })
                    other.send(signal)
                    #expect(other.end(within: 8) != nil, "it does not end by \(signal)")
                }
            }
        }

        @Test func `what may be meant for an object is never said`() throws {
            try TestCluster.healthy { cluster in
                let client = try Running.syncnet(["client", "--json"] + cluster.flags)
                client.type("{\"command\":\"join\",\"room\":\"den\"}")
                client.type("  {\"command\":\"rooms\",\"id\":7}")
                for part in ["{", "  \"command\": \"say\",", "  \"text\": \"oh\"", "}", "[]"] {
                    client.type(part)
                }
                client.type("{\"command\":\"history\",\"id\":8}")
                client.endInput()
                let ended = try #require(client.end(within: 20))
                #expect(ended.code == 1)
                #expect(ended.output.contains("\"id\":7"), "\(ended.output)")
                let refused = ended.lines.filter { $0.contains("not an object with a command") }
                #expect(refused.count == 5, "\(ended.output)")
                #expect(!ended.output.contains("acknowledged"), "\(ended.output)")
            }
        }

        @Test func `an answer has the id of its object, be it a text or a number`() throws {
            try TestCluster.healthy { cluster in
                let client = try Running.syncnet(["client", "--json"] + cluster.flags)
                client.type("{\"command\":\"rooms\",\"id\":5}")
                client.type("{\"command\":\"rooms\",\"id\":\"x\"}")
                client.type("{\"command\":7,\"id\":9}")
                client.endInput()
                let ended = try #require(client.end(within: 10))
                for answer in [
                    "{\"id\":5,", "{\"id\":\"x\",", "{\"id\":9,\"text\":\"not an object",
                ] {
                    #expect(ended.lines.contains { $0.hasPrefix(answer) }, "\(ended.output)")
                }
            }
        }

        @Test func `of one server alone, text and JSON say the same`() throws {
            try TestCluster.healthy { cluster in
                for number in 1...3 {
                    let words = ["status", "--server", "server\(number)"] + cluster.flags
                    // A leader may be unsure for a moment, between the two questions as well.
                    let (text, json) = try Wait.last(20) {
                        (
                            try #require(try Running.syncnet(words).end(within: 20)),
                            try #require(try Running.syncnet(words + ["--json"]).end(within: 20))
                        )
                    } isRight: { text, json in
                        json.output.contains("\"sentence\":\"\(text.lines.first ?? "")\"")
                            && json.output.contains("\"verdict\":\"knows a leader\"")
                    }
                    #expect(text.code == 0)
                    #expect(json.code == 0)
                    let sentence = try #require(text.lines.first)
                    #expect(json.output.contains("\"sentence\":\"\(sentence)\""), "\(json.output)")
                    #expect(json.output.contains("\"verdict\":\"knows a leader\""))
                }
            }
        }
    }
}
