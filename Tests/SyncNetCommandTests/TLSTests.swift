import Foundation
import Testing

extension CommandTests {
    /// From `init --tls` to a cluster that nobody listens to, and what those are told who come
    /// without TLS, or trust somebody else.
    @Suite(.timeLimit(.minutes(3))) struct TLSTests {
        private let directory: URL
        private let basePort = TestCluster.freshPorts()
        private let config = ["--config", "cluster.yaml"]

        init() throws { directory = try Place.temporary() }

        private func run(
            _ words: [String], environment: [String: String] = [:], within seconds: Double = 30
        ) throws -> Ended {
            try #require(
                try Running.syncnet(words, environment: environment, in: directory)
                    .end(within: seconds), "\(words) does not end")
        }

        private func makeFiles(_ output: String = "cluster.yaml") throws {
            let made = try run(
                ["init", "--tls", "--base-port", "\(basePort)", "--output", output])
            #expect(made.code == 0, "\(made.errors)")
        }

        private func start(_ number: Int) throws -> Running {
            try Running.syncnet(
                ["server", "--server-id", "server\(number)"] + config, in: directory)
        }

        private func withCluster(_ body: ([Running]) throws -> Void) throws {
            try makeFiles()
            let servers = try (1...3).map(start)
            defer {
                for server in servers { server.send(SIGKILL) }
                for server in servers { _ = server.end(within: 5) }
                try? FileManager.default.removeItem(at: directory)
            }
            let status = try run(["status", "--wait", "20"] + config)
            let logs = servers.map(\.text).joined()
            try #require(status.code == 0, "\(status.output)\(status.errors)\(logs)")
            try body(servers)
        }

        /// What ends with one line that says what to do.
        private func expectRefusal(
            _ words: [String], _ text: String, environment: [String: String] = [:]
        ) throws {
            let ended = try run(words, environment: environment, within: 20)
            #expect(ended.code != 0, "\(words)")
            #expect(ended.errors.contains(text), "\(words): \(ended.errors)")
            #expect(ended.errors.split(separator: "\n").count == 1, "\(words): \(ended.errors)")
        }

        @Test func `a cluster of a written configuration works with every command`() throws {
            try withCluster { servers in
                let sent = try run(["send", "den", "nobody hears this"] + config)
                #expect(sent.code == 0, "\(sent.errors)")
                let leader = try run(["status", "--leader"] + config).lines
                let number = try #require(leader.first?.last?.wholeNumberValue)
                servers[number - 1].send(SIGKILL)
                let again = try run(["send", "den", "nor this"] + config)
                #expect(again.code == 0, "\(again.errors)")
                let read = try run(["history", "den", "--linearizable"] + config)
                #expect(read.lines.count == 2, "\(read.output)\(read.errors)")
                let members = try run(["member", "list"] + config)
                #expect(members.output == "server1, server2, server3\n", "\(members.errors)")
                let accounts = try run(["account", "list"] + config)
                #expect(accounts.code == 0, "\(accounts.errors)")
                let client = try Running.syncnet(["client"] + config, in: directory)
                for line in ["/join den", "and this"] { client.type(line) }
                client.endInput()
                let ended = try #require(client.end(within: 20))
                #expect(ended.code == 0, "\(ended.errors)")
            }
        }

        @Test func `a server that is added gets a certificate, and a former one another`() throws {
            defer { try? FileManager.default.removeItem(at: directory) }
            try makeFiles()
            let file = directory.appendingPathComponent("cluster.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            let more = "id: server4, host: localhost, base_port: \(basePort + 3), ring_position: 3"
            let added = text.replacing(
                "ring_position: 2}\n", with: "ring_position: 2}\n  - {\(more)}\n")
            try #require(added != text)
            try Data(added.utf8).write(to: file)
            let refused = try run(["check-config"] + config)
            #expect(refused.errors.contains("can't read the certificate"), "\(refused.errors)")
            let made = try run(["certify", "server4"] + config)
            #expect(made.code == 0, "\(made.errors)")
            #expect(made.output.contains("for server4 at localhost"))
            #expect(try run(["check-config"] + config).code == 0)
            try expectRefusal(["certify", "server4"] + config, "say --renew")
            try expectRefusal(["certify", "server9"] + config, "there is no server \"server9\"")
            #expect(try run(["certify", "server1", "server4", "--renew"] + config).code == 0)
            #expect(try run(["check-config"] + config).code == 0)
            let key = directory.appendingPathComponent("cluster.tls/authority.key")
            try FileManager.default.removeItem(at: key)
            try expectRefusal(["certify", "server1", "--renew"] + config, "--authority-key")
        }

        @Test func `who trusts another authority or speaks no TLS is told so in one line`() throws {
            try withCluster { _ in
                try makeFiles("other.yaml")
                let port = ["--server-port", "\(basePort)"]
                let other = ["--tls-authority", "other.tls/authority.crt"]
                let needs = "localhost:\(basePort) speaks only TLS"
                let doubts = "localhost:\(basePort) shows no valid certificate of the authority"
                try expectRefusal(["send", "den", "hello"] + port, needs)
                try expectRefusal(["history", "den"] + port, needs)
                try expectRefusal(["client"] + port, needs)
                try expectRefusal(["listen", "den"] + port, needs)
                try expectRefusal(["status", "--base-port", "\(basePort)"], needs)
                try expectRefusal(
                    ["member", "list", "--base-port", "\(basePort)", "--patience", "1"], needs)
                try expectRefusal(["send", "den", "hello"] + port + other, doubts)
                try expectRefusal(["status"] + config + other, doubts)
                try expectRefusal(["account", "list"] + config + other, doubts)
                try expectRefusal(
                    ["status", "--base-port", "\(basePort)"], doubts,
                    environment: ["SYNCNET_TLS_AUTHORITY": "other.tls/authority.crt"])
                try expectRefusal(
                    ["send", "den", "hello", "--tls-authority", "nowhere.crt"] + port,
                    "can't read an authority's certificate in nowhere.crt")
                let trusting = try run(
                    ["send", "den", "hello"] + port,
                    environment: ["SYNCNET_TLS_AUTHORITY": "cluster.tls/authority.crt"])
                #expect(trusting.code == 0, "\(trusting.errors)")
            }
        }

        @Test func `a client with TLS is told of a server without it`() throws {
            let cluster = try TestCluster(size: 1, basePort: basePort)
            defer { cluster.remove() }
            try cluster.start()
            _ = try cluster.leader()
            try makeFiles()
            let text = "localhost:\(basePort) does not speak TLS"
            let trust = ["--tls-authority", "cluster.tls/authority.crt"]
            try expectRefusal(
                ["send", "den", "hello", "--server-port", "\(basePort)"] + trust, text)
            try expectRefusal(["status"] + cluster.flags + trust, text)
        }

        @Test func `a plain program speaks to the servers with TLS of its own`() throws {
            try withCluster { _ in
                let script = """
                    import socket, ssl, sys
                    trust = ssl.create_default_context(cafile=sys.argv[2])
                    plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
                    with trust.wrap_socket(plain, server_hostname="localhost") as server:
                        server.sendall(b"STATUS_REQUEST\\n")
                        print(server.version(), server.recv(4096).decode())
                    """
                let authority = directory.appendingPathComponent("cluster.tls/authority.crt").path
                let asked = try Running.python(["-c", script, "\(basePort)", authority])
                let ended = try #require(asked.end(within: 20))
                #expect(ended.code == 0, "\(ended.errors)")
                #expect(ended.output.hasPrefix("TLSv1.3 "), "\(ended.output)")
                #expect(ended.output.contains("epoch="))
            }
        }

        @Test func `keys are for their owner only, and nothing is overwritten`() throws {
            try makeFiles()
            for name in ["authority", "server1", "server2", "server3"] {
                let path = directory.appendingPathComponent("cluster.tls/\(name).key").path
                let facts = try FileManager.default.attributesOfItem(atPath: path)
                #expect(facts[.posixPermissions] as? Int == 0o600)
            }
            let again = try run(["init", "--tls", "--secret-file", "s", "--output", "cluster.yml"])
            #expect(again.code == 0)
            unlink(directory.appendingPathComponent("cluster.yaml").path)
            unlink(directory.appendingPathComponent("cluster.secret").path)
            try expectRefusal(["init", "--tls"], "cluster.tls is there already")
            let remote = try run(["init", "--tls", "--hosts", "10.0.0.1", "--output", "far.yaml"])
            #expect(remote.code == 0, "\(remote.errors)")
            let text = try String(
                contentsOf: directory.appendingPathComponent("far.yaml"), encoding: .utf8)
            #expect(text.contains("\n  multicast_ttl: 0 "))
            #expect(try run(["check-config", "far.yaml"]).code == 0)
        }

        @Test func `what is wrong with certificates is told with its line, and no server starts`()
            throws
        {
            try makeFiles()
            let folder = directory.appendingPathComponent("cluster.tls")
            let checked = try run(["check-config", "cluster.yaml"])
            #expect(checked.code == 0, "\(checked.errors)")
            #expect(checked.output.contains("looked at for server1, server2, server3"))
            let key = folder.appendingPathComponent("server2.key")
            try FileManager.default.removeItem(at: key)
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent("server3.key"), to: key)
            let mixed = try run(["check-config", "cluster.yaml"])
            #expect(mixed.code == 1)
            #expect(mixed.errors.contains("cluster.yaml:"))
            let sentence = "the key cluster.tls/server2.key does not belong to the certificate"
            #expect(mixed.errors.contains(sentence), "\(mixed.errors)")
            #expect(mixed.errors.split(separator: "\n").count == 2)
            try expectRefusal(["server", "--server-id", "server2"] + config, sentence)
            try FileManager.default.removeItem(at: key)
            try expectRefusal(
                ["server", "--server-id", "server2"] + config,
                "can't read the key cluster.tls/server2.key (No such file or directory)")
            let flag = ["--set", "tls.key=cluster.tls/server1.key"]
            let one = try run(
                ["check-config", "cluster.yaml"] + flag,
                environment: ["SYNCNET_SERVER_ID": "server1"])
            #expect(one.code == 0, "\(one.errors)")
            let unknown = directory.appendingPathComponent("unknown.yaml")
            try Data("tls: {certificate: a, colour: b}\n".utf8).write(to: unknown)
            let named = try run(["check-config", "unknown.yaml"])
            #expect(named.errors.contains("unknown.yaml:1: there is no \"colour\" here"))
        }
    }
}
