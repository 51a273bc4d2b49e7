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
                for server in servers { _ = server.end(within: 5) }
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

        @Test func `our own client logs in too, and only its owner reads the token`() throws {
            try withCluster { cluster, flags in
                #expect(try account(flags, "add", "ada", password: "sesame").code == 0)
                let file = cluster.directory.appendingPathComponent("password").path
                try "sesame\n".write(toFile: file, atomically: true, encoding: .utf8)
                let send = ["send", "den", "hello", "--name", "ada"] + flags
                let sent = try Running.syncnet(send + ["--password-file", file])
                let ended = try #require(sent.end(within: 40))
                #expect(ended.code == 0, "\(ended.errors)")
                let unknown = try #require(try Running.syncnet(send).end(within: 40))
                #expect(unknown.code != 0 && unknown.errors.contains("login_required"))
                let token = cluster.directory.appendingPathComponent("server1/operator.token")
                let mode = try FileManager.default.attributesOfItem(atPath: token.path)
                #expect(mode[.posixPermissions] as? Int == 0o600)
            }
        }
    }
}
