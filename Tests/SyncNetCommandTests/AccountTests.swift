import Foundation
import Testing

extension CommandTests {
    /// Accounts, with real servers and a client that is none of ours.
    @Suite struct AccountTests {
        private func withCluster(_ body: (TestCluster, [String]) throws -> Void) throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            let flags = cluster.flags + ["--accounts", "required"]
            let servers = try (1...3).map {
                try Running.syncnet(["server", "--server-id", "server\($0)"] + flags)
            }
            defer {
                for server in servers { server.send(SIGKILL) }
                for server in servers { _ = server.end(within: 20) }
            }
            _ = try cluster.leader()
            try body(cluster, flags)
        }

        private func account(_ flags: [String], _ words: String..., password: String? = nil)
            throws -> Ended
        {
            let input = password == nil ? [] : ["--password-stdin"]
            let command = try Running.syncnet(["account"] + words + input + flags)
            if let password { command.type(password) }
            return try #require(command.end(within: 30))
        }

        private func login(_ port: Int, _ name: String, _ password: String) throws -> String {
            let script = Place.package.appendingPathComponent("Tests/PlainClient/plain_login.py")
            let client = try Running.python([script.path, "\(port)", name, password])
            let ended = try #require(client.end(within: 60))
            return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        @Test func `an operator makes accounts, and a plain client logs in with one envelope`()
            throws
        {
            try withCluster { cluster, flags in
                let made = try account(flags, "add", "ada", password: "sesame")
                #expect(made.code == 0, "\(made.errors)")
                #expect(try account(flags, "add", "ada", password: "again").code != 0)
                let list = try account(flags, "list")
                #expect(list.output == "ada\n", "\(list.errors)")
                // A server that lags behind learns of the account in a moment.
                #expect(Wait.until(20) { (try? login(cluster.ports[1], "ada", "sesame")) == "in" })
                #expect(try login(cluster.ports[1], "ada", "simsalabim") == "bad_login")
                #expect(try login(cluster.ports[2], "ada", "") == "login_required")
                #expect(try login(cluster.ports[2], "bob", "sesame") == "bad_login")
                #expect(try account(flags, "passwd", "ada", password: "open").code == 0)
                #expect(Wait.until(20) { (try? login(cluster.ports[2], "ada", "open")) == "in" })
                #expect(try account(flags, "remove", "ada").code == 0)
                #expect(
                    Wait.until(20) { (try? login(cluster.ports[2], "ada", "open")) == "bad_login" })
                let gone = try account(flags, "remove", "ada")
                #expect(gone.code != 0 && gone.errors.contains("no account of that name"))
            }
        }

        @Test func `a password that changes under a client is told, and a new one taken`() throws {
            try withCluster { cluster, flags in
                #expect(try account(flags, "add", "ada", password: "sesame").code == 0)
                let ada = try seat(["client", "--name", "ada", "--login"] + flags, cluster)
                try #require(Wait.until(10) { ada.text.contains("password:") }, "\(ada.text)")
                ada.type("sesame\r")
                try #require(Wait.until(10) { ada.text.contains("connected to") }, "\(ada.text)")
                ada.type("/join den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                #expect(try account(flags, "passwd", "ada", password: "open").code == 0)
                #expect(Wait.until(15) { ada.text.contains("! logged out: ") }, "\(ada.text)")
                #expect(Wait.until(5) { ada.prompt == "den [logged out]>" }, "\(ada.text)")
                ada.type("said meanwhile\r")
                ada.type("/who\r")
                #expect(Wait.until(5) { ada.text.contains("! log in to the account ada first") })
                ada.type("/login\r")
                try #require(Wait.until(5) { ada.prompt == "password of ada:" }, "\(ada.text)")
                ada.type("simsalabim\r")
                #expect(
                    Wait.until(15) { ada.text.contains("/login tries again") }, "\(ada.text)")
                ada.type("/login\r")
                try #require(Wait.until(5) { ada.prompt == "password of ada:" }, "\(ada.text)")
                ada.type("open\r")
                #expect(Wait.until(20) { ada.prompt == "den>" }, "\(ada.text)")
                #expect(
                    Wait.until(20) {
                        let said = ada.rows.filter { $0.hasSuffix("ada: said meanwhile") }
                        return said.count == 1 && !said[0].contains("…")
                    }, "\(ada.text)")
                #expect(!ada.text.contains("simsalabim") && !ada.text.contains("sesame"))
                #expect(try account(flags, "remove", "ada").code == 0)
                #expect(
                    Wait.until(15) { ada.rows.count { $0.hasPrefix("! logged out: ") } == 2 },
                    "\(ada.text)")
                ada.type("\u{03}")
                #expect(ada.end(within: 20) == 0)
            }
        }

        @Test func `who has not logged in says it after a login, once`() throws {
            try withCluster { cluster, flags in
                let ada = try seat(["client", "--name", "ada"] + flags, cluster)
                try #require(Wait.until(10) { ada.text.contains("connected to") }, "\(ada.text)")
                ada.type("/join den\r")
                #expect(Wait.until(10) { ada.text.contains("with /login") }, "\(ada.text)")
                #expect(try account(flags, "add", "ada", password: "sesame").code == 0)
                ada.type("/login\r")
                try #require(Wait.until(5) { ada.prompt == "password of ada:" }, "\(ada.text)")
                ada.type("sesame\r")
                #expect(Wait.until(15) { ada.text.contains("logged in, connected") }, "\(ada.text)")
                ada.type("/join den\r")
                #expect(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
            }
        }

        @Test
        func `Ctrl-C and Ctrl-D end a question for a password, and the terminal is as before`()
            throws
        {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            for (keys, code) in [("sesa\u{03}", Int32(130)), ("\u{04}", 1)] {
                let ada = try seat(["client", "--login"] + cluster.flags, cluster)
                try #require(Wait.until(10) { ada.text.contains("password:") }, "\(ada.text)")
                #expect(!ada.isAsBefore)
                ada.type(keys)
                #expect(ada.end(within: 20) == code)
                #expect(ada.isAsBefore)
                #expect(!ada.text.contains("sesa"))
                if code == 1 {
                    #expect(
                        Wait.until(5) { ada.text.contains("no password was typed: nothing was") },
                        "\(ada.text)")
                }
            }
        }

        @Test func `rolling-restart's clients log in where they have to`() throws {
            try withCluster { cluster, flags in
                #expect(try account(flags, "add", "ada", password: "sesame").code == 0)
                let file = cluster.directory.appendingPathComponent("password").path
                try "sesame\n".write(toFile: file, atomically: true, encoding: .utf8)
                let restart = ["rolling-restart", "--name", "ada", "--writers", "2"] + flags
                let refused = try #require(try Running.syncnet(restart).end(within: 40))
                #expect(refused.code == 1)
                #expect(refused.errors.contains("--password-file"), "\(refused.errors)")
                let run = try Running.syncnet(restart + ["--password-file", file])
                let ended = try #require(run.end(within: 120), "\(run.text)")
                for number in 1...3 {
                    let name = "server\(number)/server.pid"
                    let text = try String(
                        contentsOf: cluster.directory.appendingPathComponent(name), encoding: .utf8)
                    if let id = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) {
                        kill(id, SIGKILL)
                    }
                }
                #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
                #expect(ended.output.contains("All 5 claims held."), "\(ended.output)")
            }
        }

        private func seat(_ arguments: [String], _ cluster: TestCluster) throws -> TerminalSeat {
            try TerminalSeat(
                arguments, state: cluster.directory.appendingPathComponent("state"), columns: 100)
        }

        @Test func `our own client logs in too, and only its owner reads the token`() throws {
            try withCluster { cluster, flags in
                #expect(try account(flags, "add", "ada", password: "sesame").code == 0)
                let file = cluster.directory.appendingPathComponent("password").path
                try "sesame\n".write(toFile: file, atomically: true, encoding: .utf8)
                let send = ["send", "den", "hello", "--name", "ada"] + flags
                let sent = try Running.syncnet(send + ["--password-file", file])
                let ended = try #require(sent.end(within: 40))
                #expect(ended.code == 0, "\(ended.errors)")
                let piped = try Running.syncnet(send + ["--password-file", "/dev/stdin"])
                piped.type("sesame")
                piped.endInput()
                #expect(piped.end(within: 40)?.code == 0, "\(piped.text)")
                let unknown = try #require(try Running.syncnet(send).end(within: 40))
                #expect(unknown.code != 0 && unknown.errors.contains("login_required"))
                #expect(unknown.errors.contains("--login"), "\(unknown.errors)")
                #expect(unknown.errors.contains("--password-file FILE"), "\(unknown.errors)")
                let token = cluster.directory.appendingPathComponent("server1/operator.token")
                let mode = try FileManager.default.attributesOfItem(atPath: token.path)
                #expect(mode[.posixPermissions] as? Int == 0o600)
            }
        }
    }
}
