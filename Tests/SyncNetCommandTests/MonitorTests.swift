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
            let well = try status(cluster)
            #expect(well.code == 0)
            #expect(well.output.contains("3/3 online, 1 leader"))
            #expect(well.output.contains("healthy"))
            let leader = try cluster.leader()
            let view = try status(cluster, "--server", "server\(leader)")
            #expect(view.code == 0)
            #expect(view.output.contains("leads"), "\(view.output)")
            try cluster.kill(leader)
            _ = try cluster.leader()
            let ill = try status(cluster)
            #expect(ill.code == 1)
            #expect(ill.output.contains("2/3 online, 1 leader"), "\(ill.output)")
            #expect(ill.output.contains("Degraded: server\(leader) offline"), "\(ill.output)")
            let report = try status(cluster, "--json")
            #expect(report.output.contains("\"verdict\":\"degraded\""), "\(report.output)")
        }

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
                try Running.syncnet(["status"] + flags + cluster.flags).end(within: 10))
        }

        private func statusCheck() throws -> String {
            try #require(try Running.python([Place.statusCheck.path]).end(within: 20)).output
        }
    }
}
