import Foundation
import Testing

extension CommandTests {
    /// What the guide's monitor and our own say, and whether it is true.
    @Suite(.timeLimit(.minutes(5))) struct MonitorTests {
        @Test func `the word leader comes from the leader only, while servers die`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            let first = try cluster.leader()
            try cluster.becomesHealthy()
            #expect(cluster.leaders() == [first])
            try cluster.kill(first)
            let killed = ContinuousClock.now
            var second: [Int] = []
            while second.isEmpty, killed.duration(to: .now) < .seconds(15) {
                second = cluster.leaders()
                #expect(second.count <= 1 && second != [first])
            }
            #expect(second.count == 1, "\(cluster.logs)")
            try cluster.kill(second[0])
            // The last one has no quorum: within about a second it must not call itself leader.
            Thread.sleep(forTimeInterval: 2)
            #expect(cluster.leaders().isEmpty)
        }

        @Test func `status says what is so, with exit codes for scripts`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let well = try status(cluster, "--wait", "10")
            #expect(well.code == 0)
            #expect(well.output.contains("3/3 online, 1 leader"))
            #expect(well.output.contains("healthy"))
            let leader = try cluster.leader()
            let view = try Wait.last(10) {
                try status(cluster, "--server", "server\(leader)")
            } isRight: {
                $0.output.contains("leads")
            }
            #expect(view.code == 0)
            #expect(view.output.contains("leads"), "\(view.output)")
            try cluster.kill(leader)
            _ = try cluster.leader()
            let ill = try Wait.last(10) {
                try status(cluster)
            } isRight: {
                $0.output.contains("2/3 online, 1 leader")
            }
            #expect(ill.code == 1)
            #expect(ill.output.contains("2/3 online, 1 leader"), "\(ill.output)")
            #expect(ill.output.contains("Degraded: server\(leader) offline"), "\(ill.output)")
            let report = try status(cluster, "--json")
            #expect(report.output.contains("\"verdict\":\"degraded\""), "\(report.output)")
        }

        @Test func `status tells how the others see a server that is away`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let leader = try cluster.leader()
            try cluster.kill(leader)
            _ = try cluster.leader()
            let report = try Wait.last(20) {
                let end = try status(cluster, "--json")
                return try JSONDecoder().decode(Report.self, from: Data(end.output.utf8))
            } isRight: {
                let others = $0.servers.filter { $0.serverId != "server\(leader)" }
                return others.allSatisfy { $0.ailment == nil && $0.lag == 0 && $0.aliveTo == 1 }
            }
            let away = try #require(report.servers.first { $0.serverId == "server\(leader)" })
            #expect(away.ailment == "offline")
            #expect(away.askedAbout == 2 && away.aliveTo == 0, "\(away)")
            for other in report.servers where other.serverId != away.serverId {
                #expect(other.ailment == nil)
                #expect(other.askedAbout == 1 && other.aliveTo == 1, "\(other)")
                #expect(other.lag == 0)
            }
        }

        private struct Report: Decodable {
            struct Server: Decodable {
                var serverId: String
                var ailment: String?
                var aliveTo: Int
                var askedAbout: Int
                var lag: Int?

                enum CodingKeys: String, CodingKey {
                    case serverId = "server_id"
                    case aliveTo = "alive_to"
                    case askedAbout = "asked_about"
                    case ailment, lag
                }
            }

            var servers: [Server]
        }

        @Test func `status --watch refreshes in place, and leaves the terminal as it was`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            _ = try cluster.leader()
            let end = try #require(
                try Running.python(
                    ["-c", Self.terminal, Place.command.path, "status", "--watch"] + cluster.flags
                ).end(within: 20))
            #expect(end.code == 0, "\(end.output)\(end.errors)")
            let parts = end.output.components(separatedBy: "\u{1B}[H")
            #expect(parts.count >= 3, "shown more than once: \(end.output.debugDescription)")
            #expect(parts[0].contains("\u{1B}[?1049h\u{1B}[?25l"))
            #expect(!parts.dropFirst().joined().contains("\u{1B}[2J"), "nothing is cleared first")
            let last = try #require(
                end.output.components(separatedBy: "\u{1B}[?25h\u{1B}[?1049l").last)
            #expect(last.contains("The cluster is healthy."), "\(last.debugDescription)")
            #expect(!last.contains("\u{1B}[H"))
        }

        /// Runs a command in a terminal of 30 lines, and types Ctrl-C after three tables.
        private static let terminal = """
            import fcntl, os, pty, struct, sys, termios
            pid, fd = pty.fork()
            if pid == 0:
                os.environ["TERM"] = "xterm"
                os.execv(sys.argv[1], sys.argv[1:])
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
            seen, typed = b"", False
            while True:
                try: chunk = os.read(fd, 4096)
                except OSError: break
                if not chunk: break
                seen += chunk
                if not typed and seen.count(b"healthy") >= 3:
                    typed = True
                    os.write(fd, b"\\x03")
            sys.stdout.write(seen.decode())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """

        @Test(
            .enabled(
                if: Place.hasStatusCheck,
                "needs ../shared/spec/status_check.py beside the package"))
        func `the guide's own monitor, unmodified, tells the truth`() throws {
            let cluster = try TestCluster(basePort: 8_000)
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let well = try statusCheck()
            #expect(well.contains("Summary: 3/3 online, 1 leader(s)"), "\(well)")
            #expect(well.contains("Cluster is healthy!"), "\(well)")
            try cluster.kill(try cluster.leader())
            var ill = ""
            let isTrue = try Wait.until(15) {
                ill = try statusCheck()
                return ill.contains("Summary: 2/3 online, 1 leader(s)")
            }
            #expect(isTrue, "\(ill)")
        }

        private func status(_ cluster: TestCluster, _ flags: String...) throws -> Ended {
            try #require(
                try Running.syncnet(["status"] + flags + cluster.flags).end(within: 30))
        }

        private func statusCheck() throws -> String {
            try #require(try Running.python([Place.statusCheck.path]).end(within: 20)).output
        }
    }
}
