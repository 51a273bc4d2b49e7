import Foundation
import Testing

extension CommandTests {
    /// From nothing to a configuration that is right, and what is said of one that is not.
    @Suite(.timeLimit(.minutes(1))) struct SetupTests {
        private let directory: URL

        init() throws { directory = try Place.temporary() }

        private func run(
            _ arguments: [String], environment: [String: String] = [:]
        ) throws -> Ended {
            try #require(
                try Running.syncnet(arguments, environment: environment, in: directory)
                    .end(within: 10))
        }

        private func file(_ text: String) throws {
            try Data(text.utf8).write(to: directory.appendingPathComponent("cluster.yaml"))
        }

        @Test func `a written configuration is right as it is, and its secret is nobody's`()
            throws
        {
            let made = try run(["init", "--servers", "3", "--hosts", "10.0.0.1,10.0.0.2,10.0.0.3"])
            #expect(made.code == 0, "\(made.errors)")
            #expect(made.output.contains("on 10.0.0.2: syncnet server --config cluster.yaml"))
            let secret = directory.appendingPathComponent("cluster.secret").path
            let facts = try FileManager.default.attributesOfItem(atPath: secret)
            #expect(facts[.posixPermissions] as? Int == 0o600)
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 0, "\(checked.errors)")
            #expect(checked.output.contains("3 servers would run"))
            #expect(checked.output.contains("authenticated with the secret in cluster.secret"))
        }

        @Test func `nothing is overwritten`() throws {
            #expect(try run(["init"]).code == 0)
            let secret = directory.appendingPathComponent("cluster.secret")
            let before = try Data(contentsOf: secret)
            let again = try run(["init"])
            #expect(again.code != 0)
            #expect(again.errors.contains("is there already"))
            #expect(
                try run(["init", "--output", "other.yaml", "--secret-file", "cluster.secret"])
                    .code != 0)
            #expect(try Data(contentsOf: secret) == before)
        }

        @Test func `what can't be written whole leaves nothing in the way of the next try`()
            throws
        {
            let failed = try run([
                "init", "--tls", "--output", "nowhere.yaml/cluster.yaml", "--secret-file", "here",
            ])
            #expect(failed.code == 1)
            let half = try run(["init", "--output", "nowhere/cluster", "--secret-file", "here"])
            #expect(half.code == 1)
            #expect(half.errors.contains("can't write nowhere/cluster"), "\(half.errors)")
            let left = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            #expect(left == [])
        }

        @Test func `every comment of a written file is a setting with its default`() throws {
            #expect(try run(["init"]).code == 0)
            let path = directory.appendingPathComponent("cluster.yaml")
            let text = try String(contentsOf: path, encoding: .utf8)
            let plain = text.split(separator: "\n", omittingEmptySubsequences: false).map {
                let isSetting = $0.firstMatch(of: /^# ? ? ?[a-z_]+:( [0-9a-z.]+)?( +# .*)?$/) != nil
                return isSetting ? String($0.dropFirst(2)) : String($0)
            }
            #expect(plain != text.components(separatedBy: "\n"))
            let parts = plain.filter { $0.hasPrefix("  ") && !$0.contains("{id:") }
            #expect(parts.count > 50)
            for line in parts where !line.contains("profile:") {
                #expect(line.contains(/[ ]# [a-z]/), "each setting says what it means: \(line)")
            }
            try file(plain.joined(separator: "\n"))
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 0, "\(checked.errors)")
        }

        @Test func `all mistakes of a file are told, each with its line`() throws {
            try file(
                """
                servers:
                - {id: a, host: 192.0.2.1, base_port: 9000}
                - {id: b, host: somewhere, base_port: 9001}
                - {id: c, base_port: many}
                limits:
                  text_bytes: lots
                  colour: 3
                timing: {heartbeat: 20s}
                speed: high
                """)
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 1)
            let lines = checked.errors.split(separator: "\n").map(String.init)
            for (line, words) in [
                (2, "not on the loopback"), (3, "no IPv4"), (4, "base_port"), (6, "text_bytes"),
                (7, "no \"colour\""), (8, "death time"), (9, "no \"speed\""),
            ] {
                #expect(
                    lines.contains {
                        $0.hasPrefix("cluster.yaml:\(line): ") && $0.contains(words)
                    }, "\(line) \(words): \(checked.errors)")
            }
            #expect(checked.output.isEmpty)
        }

        @Test func `a wrong value is told with what was expected`() throws {
            try file(
                """
                limits:
                  sessions: "abc"
                  rooms: [1, 2]
                  name_bytes:
                data_dir: {a: b}
                """)
            let checked = try run(["check-config", "cluster.yaml"])
            let lines = checked.errors.split(separator: "\n").map(String.init)
            #expect(
                lines.prefix(4) == [
                    "cluster.yaml:2: sessions: expects a whole number, got \"abc\"",
                    "cluster.yaml:3: rooms: expects a whole number, got a list",
                    "cluster.yaml:4: name_bytes: expects a whole number, got nothing",
                    "cluster.yaml:5: data_dir: expects text, got keys with values",
                ], "\(checked.errors)")
        }

        @Test func `nothing is no value, and a wrong profile hides no other mistake`() throws {
            try file(
                """
                data_dir: ~
                tls: {}
                timing:
                  profile: fast
                  deth: 5s
                """)
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 1)
            for words in [
                "cluster.yaml:1: data_dir: expects text", "cluster.yaml:2: tls: expects files",
                "cluster.yaml:4: ", "cluster.yaml:5: ",
            ] {
                #expect(checked.errors.contains(words), "\(words): \(checked.errors)")
            }
        }

        @Test func `a key that stands twice is one line, with its place`() throws {
            try file("limits:\n  sessions: 500\n  rooms: 9\n  sessions: 600\n")
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code != 0)
            #expect(
                checked.errors
                    == "cluster.yaml:2: \"sessions\" stands there more than once: keep one\n"
                    + "1 to change: no server would start\n",
                "\(checked.errors)")
        }

        @Test func `limits with which nothing works are refused, each at its line`() throws {
            try file(
                """
                limits:
                  name_bytes: 2
                  text_bytes: 1
                  waiting: 4611686018427387904
                  sessions: 0
                """)
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 1)
            for (line, words) in [
                (2, "name_bytes is 2, but has to be from 64 to 4096"), (3, "text_bytes is 1"),
                (4, "waiting is 4611686018427387904"), (5, "sessions is 0"),
            ] {
                #expect(
                    checked.errors.contains("cluster.yaml:\(line): \(words)"), "\(checked.errors)")
            }
            #expect(checked.errors.contains("4 to change"))
        }

        @Test func `each mistake of a server is told, and nothing that follows from it`() throws {
            try file(
                """
                server_id: nosuch
                servers:
                - {id: "", base_port: none, rank: 3}
                - {id: b, base_port: 0}
                - {id: c}
                """)
            let checked = try run(["check-config", "cluster.yaml"])
            let lines = checked.errors.split(separator: "\n").map(String.init)
            #expect(
                lines.dropLast(2) == [
                    "cluster.yaml:3: id: expects text, got nothing",
                    "cluster.yaml:3: base_port: expects a whole number, got \"none\"",
                    "cluster.yaml:3: there is no \"rank\" here, only id, host, base_port, "
                        + "ring_position",
                    "cluster.yaml:5: c has no base_port",
                ], "\(checked.errors)")
            #expect(checked.errors.contains("cluster.yaml:4: the base port 0 of b is out of range"))
            #expect(lines.last == "5 to change: no server would start")
            try file("servers:\n- {id: b, base_port: 0}\n")
            let port = try run(["check-config", "cluster.yaml"])
            #expect(port.errors.contains("cluster.yaml:2: the base port 0 of b is out of range"))
            #expect(port.errors.contains("1 to change"), "\(port.errors)")
        }

        @Test func `all flags that set nothing are told, besides what else is wrong`() throws {
            try file("limits: {sessions: 0}")
            let checked = try run([
                "check-config", "cluster.yaml", "--set", "a=b", "--set", "limits.rooms",
            ])
            #expect(checked.code == 1)
            for words in ["--set a=b: ", "--set limits.rooms: ", "sessions is 0", "3 to change"] {
                #expect(checked.errors.contains(words), "\(words): \(checked.errors)")
            }
        }

        @Test func `a file where a directory has to be is named`() throws {
            try file("data_dir: cluster.yaml")
            for arguments in [["server", "--server-id", "server1"], ["check-config"]] {
                let ended = try run(arguments + ["--config", "cluster.yaml"])
                #expect(ended.code == 1)
                #expect(
                    ended.errors.contains("cluster.yaml is a file, not a directory"),
                    "\(ended.errors)")
            }
        }

        @Test func `what makes no sense to say is not said`() throws {
            let empty = try run(["send", "lobby", ""])
            #expect(empty.code == 64)
            #expect(empty.errors.contains("nothing to say"), "\(empty.errors)")
            let name = try run(["send", "lobby", "hello", "--name", "a\nb"])
            #expect(name.code == 1)
            #expect(name.errors.contains("more than one line"), "\(name.errors)")
            let port = try run(["send", "lobby", "hello", "--members", "a=localhost:65530"])
            #expect(port.code == 1)
            #expect(port.errors.contains("65530 of a is out of range"), "\(port.errors)")
            let both = try run(["status", "--watch", "--wait", "3"])
            #expect(both.code == 64)
            #expect(both.errors.contains("exclude each other"), "\(both.errors)")
        }

        @Test func `check-config takes what a server takes`() throws {
            let flags = [
                "--server-id", "server2", "--http-port", "9100", "--log-level", "debug",
                "--log-format", "json", "--record", "records", "--record-limit", "5",
            ]
            let checked = try run(["check-config"] + flags)
            #expect(checked.code == 0, "\(checked.errors)")
            let loud = try run(["check-config", "--log-level", "loud"])
            #expect(loud.code == 1)
            #expect(loud.errors.contains("there is no log level \"loud\""), "\(loud.errors)")
            let stranger = try run(["check-config", "--server-id", "server9"])
            #expect(stranger.code == 1)
            #expect(stranger.errors.contains("no server \"server9\""), "\(stranger.errors)")
        }

        @Test func `paths in a file go by its directory, those of flags by one's own`() throws {
            let made = try run(["init", "--tls", "--output", "etc/cluster.yaml"])
            #expect(made.code != 0, "there is no such directory yet")
            let folder = directory.appendingPathComponent("etc")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false)
            #expect(try run(["init", "--tls", "--output", "etc/cluster.yaml"]).code == 0)
            let text = try String(
                contentsOf: folder.appendingPathComponent("cluster.yaml"), encoding: .utf8)
            #expect(text.contains("\nsecret_file: cluster.secret\n"), "\(text)")
            #expect(text.contains("authority: \"cluster.tls/authority.crt\""), "\(text)")
            let checked = try run(["check-config", "etc/cluster.yaml"])
            #expect(checked.code == 0, "\(checked.errors)")
            #expect(checked.output.contains("data in etc/data/server1"), "\(checked.output)")
            #expect(checked.output.contains("secret in etc/cluster.secret"), "\(checked.output)")
            let flag = try run(["check-config", "etc/cluster.yaml", "--data-dir", "here"])
            #expect(flag.output.contains("data in here/server1"), "\(flag.output)")
        }

        @Test func `every layer sets everything, and the nearer one wins`() throws {
            try file("servers: [{id: a, base_port: 9000}]\nnetwork: {guests: 0}\n")
            #expect(try run(["check-config", "cluster.yaml"]).errors.contains("cluster.yaml:2: "))
            let variable = ["SYNCNET_NETWORK_GUESTS": "99999"]
            let environment = try run(["check-config", "cluster.yaml"], environment: variable)
            #expect(environment.errors.contains("guests 99999 is out of range"))
            let flag = try run(
                ["check-config", "cluster.yaml", "--set", "network.guests=5"],
                environment: variable)
            #expect(flag.code == 0, "\(flag.errors)")
            let word = ["SYNCNET_NETWORK_GUESTS": "many"]
            let wrong = try run(["check-config", "cluster.yaml"], environment: word)
            #expect(
                wrong.errors.contains(
                    "SYNCNET_NETWORK_GUESTS: expects a whole number, got \"many\""))
            let unknown = ["SYNCNET_NETWORK_GUEST": "5"]
            let typo = try run(["check-config", "cluster.yaml"], environment: unknown)
            #expect(typo.errors.contains("SYNCNET_NETWORK_GUEST: no setting is called so"))
            #expect(typo.errors.contains("1 to change"), "only the file's guests are")
            let two = ["SYNCNET_NETWORK_GUESTS": "many", "SYNCNET_HTTP_PORT": "high"]
            let both = try run(["check-config", "cluster.yaml"], environment: two)
            #expect(both.errors.contains("SYNCNET_NETWORK_GUESTS: expects"), "\(both.errors)")
            #expect(both.errors.contains("the HTTP port is \"high\""), "\(both.errors)")
        }

        @Test func `an HTTP port that a server has already is told, whichever server's`() throws {
            try file("servers: [{id: a, base_port: 9000}, {id: b, base_port: 9001}]\n")
            for (port, words) in [
                ("9000", "the HTTP port 9000 of a is the one of a (clients)"),
                ("9030", "the HTTP port 9031 of b is the one of b (election and replication)"),
                ("8999", "the HTTP port 9000 of b is the one of a (clients)"),
            ] {
                let checked = try run(["check-config", "cluster.yaml", "--http-port", port])
                #expect(checked.code == 1)
                #expect(checked.errors.contains(words), "\(checked.errors)")
            }
            let limit = try run(
                ["check-config", "cluster.yaml", "--set", "record_limit=99999999999"])
            #expect(limit.errors.contains("has to be a number of MiB from 1 to"))
        }

        @Test func `a secret that everybody can read is told with its line`() throws {
            try file("servers: [{id: a, base_port: 9000}]\nsecret_file: open.secret\n")
            let secret = directory.appendingPathComponent("open.secret")
            try Data(String(repeating: "s", count: 40).utf8).write(to: secret)
            chmod(secret.path, 0o644)
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 1)
            #expect(checked.errors.contains("cluster.yaml:2: "), "\(checked.errors)")
            #expect(checked.errors.contains("chmod 600"))
            let started = try run(["server", "--server-id", "a", "--config", "cluster.yaml"])
            #expect(started.code != 0)
            #expect(started.errors.contains("chmod 600"))
        }
    }
}
