import Foundation
import Testing

extension CommandTests {
    /// The terminal client, and clients that nobody here wrote.
    @Suite(.timeLimit(.minutes(5))) struct ClientTests {
        @Test func `a plain program speaks the client protocol`() throws {
            try TestCluster.healthy { cluster in
                let ports = cluster.ports.flatMap { ["--port", "\($0)"] }
                let plain = try Running.python([Place.plainClient.path] + ports + ["check"])
                let ended = try #require(plain.end(within: 60))
                #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
                #expect(ended.lines.count > 20)
            }
        }

        @Test func `a script says, lists and reads, and ends when all is acknowledged`() throws {
            try TestCluster.healthy { cluster in
                let ended = try script(
                    cluster, "alice",
                    [
                        "/join a room with spaces ✓", "one", "//two", "", "/who", "/rooms",
                        "/history 1", "/servers", "/leave", "/help",
                    ])
                #expect(ended.code == 0, "\(ended.errors)")
                for line in [
                    "[a room with spaces ✓] alice: one", "[a room with spaces ✓] alice: /two",
                    "· 1 in a room with spaces ✓: alice", "· left a room with spaces ✓",
                ] {
                    #expect(ended.lines.contains(line), "\(line)\n\(ended.output)")
                }
                #expect(ended.lines.contains { $0.hasSuffix("  alice: /two") })
                #expect(ended.lines.contains { $0.hasSuffix(", leads") })
            }
        }

        @Test func `what is refused is told, and makes the exit code`() throws {
            try TestCluster.healthy { cluster in
                for lines in [
                    ["hello"], ["/dance"], ["/join " + String(repeating: "x", count: 200)],
                ] {
                    let ended = try script(cluster, "alice", lines)
                    #expect(ended.code == 1, "\(lines)")
                    #expect(ended.errors.hasPrefix("! "), "\(ended.errors)")
                }
            }
        }

        @Test func `nobody's message steers a terminal`() throws {
            try TestCluster.healthy { cluster in
                let evil = "\u{1B}[2J\u{7}\u{9B}31m\u{202E}gnihton"
                let sent = try Running.syncnet(
                    ["send", "den", evil, "--name", "mal\u{1B}lory"] + cluster.flags)
                #expect(sent.end(within: 10)?.code == 0)
                let read = try #require(
                    try Running.syncnet(["history", "den", "--linearizable"] + cluster.flags)
                        .end(within: 20))
                let steering = read.output.unicodeScalars.filter {
                    ($0.properties.generalCategory == .control && $0 != "\n") || $0 == "\u{202E}"
                }
                #expect(steering.isEmpty, "\(steering)")
                #expect(read.output.contains("gnihton"))
            }
        }

        @Test func `one address is enough to survive the death of that server`() throws {
            try TestCluster.healthy { cluster in
                let client = try Running.syncnet([
                    "client", "--name", "alice", "--server-port", "\(cluster.basePort)",
                ])
                client.type("/join den")
                client.type("before")
                try #require(Wait.until(10) { client.text.contains("alice: before") })
                try cluster.kill(1)
                client.type("after")
                #expect(Wait.until(20) { client.text.contains("alice: after") }, "\(client.text)")
                client.endInput()
                #expect(client.end(within: 10)?.code == 0)
                let quiet = client.text.split(separator: "\n").filter { $0.contains("lost") }
                #expect(quiet.count == 1, "\(client.text)")
            }
        }

        @Test func `all who read a room read it in one order`() throws {
            try TestCluster.healthy { cluster in
                let readers = try cluster.ports.map {
                    try Running.syncnet(["client", "--name", "r\($0)", "--server-port", "\($0)"])
                }
                for reader in readers { reader.type("/join den") }
                for reader in readers {
                    try #require(Wait.until(10) { reader.text.contains("you are in den") })
                }
                for number in 1...40 { readers[number % 3].type("number \(number)") }
                let texts = readers.map { reader in
                    _ = Wait.until(20) { Self.messages(of: reader).count == 40 }
                    return Self.messages(of: reader)
                }
                #expect(texts[0].count == 40)
                #expect(texts.allSatisfy { $0 == texts[0] })
                for reader in readers {
                    reader.endInput()
                    #expect(reader.end(within: 10)?.code == 0)
                }
            }
        }

        @Test func `a client that finds no server says so in one line`() throws {
            let port = TestCluster.freshPorts()
            let ended = try #require(
                try Running.syncnet([
                    "client", "--patience", "0.5", "--base-port", "\(port)",
                ]).end(within: 20))
            #expect(ended.code != 0)
            #expect(ended.errors.contains("no server answers"), "\(ended.errors)")
            #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
        }

        @Test func `without any server a script ends, a person may go`() throws {
            try TestCluster.healthy { cluster in
                let script = try Running.syncnet(
                    ["client", "--name", "alice", "--patience", "5"] + cluster.flags)
                let person = try Running.syncnet(["client", "--name", "bob"] + cluster.flags)
                for client in [script, person] {
                    client.type("/join den")
                    try #require(Wait.until(10) { client.text.contains("you are in den") })
                }
                for number in 1...3 { try cluster.kill(number) }
                for client in [script, person] { client.type("into the void") }
                script.endInput()
                let ended = try #require(script.end(within: 30), "hangs")
                #expect(ended.code == 1)
                #expect(ended.errors.contains("not everything was acknowledged"))
                #expect(Wait.until(5) { person.text.contains("no server answers") })
                person.send(SIGINT)
                #expect(person.end(within: 20)?.code == 128 + SIGINT)
            }
        }

        private static func messages(of reader: Running) -> [String] {
            reader.text.split(separator: "\n").filter { $0.hasPrefix("[den] ") }.map(String.init)
        }

        private func script(
            _ cluster: TestCluster, _ name: String, _ lines: [String]
        ) throws -> Ended {
            let client = try Running.syncnet(["client", "--name", name] + cluster.flags)
            for line in lines { client.type(line) }
            client.endInput()
            return try #require(client.end(within: 20), "the client hangs")
        }
    }
}
