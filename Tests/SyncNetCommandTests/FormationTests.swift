import Foundation
import Testing

extension CommandTests {
    /// How a cluster comes to be.
    @Suite(.timeLimit(.minutes(5))) struct FormationTests {
        @Test func `three servers have exactly one leader within ten seconds`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            _ = try cluster.leader(within: 10)
            try cluster.becomesHealthy()
            #expect(cluster.leaders().count == 1)
        }

        @Test func `a server alone answers the monitor, and never calls itself leader`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start(1)
            let port = cluster.basePort
            #expect(Wait.until(10) { GuideMonitor.answer(port: port) != nil }, "\(cluster.logs)")
            let end = ContinuousClock.now + .seconds(4)
            var answers = 0
            while ContinuousClock.now < end {
                // None within two seconds: the machine stood still.
                if let answer = GuideMonitor.answer(port: port) {
                    answers += 1
                    #expect(!answer.lowercased().contains("leader"), "\(answer)")
                    #expect(answer.utf8.count < 1_024)
                }
                Thread.sleep(forTimeInterval: 0.1)
            }
            #expect(answers > 0)
        }

        @Test func `a cluster of one serves by itself`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            #expect(try cluster.leader(within: 10) == 1)
            let sent = try #require(
                try Running.syncnet(["send", "den", "alone"] + cluster.flags).end(within: 10))
            #expect(sent.code == 0, "\(sent.errors)")
        }

        @Test func `a cluster of five from a file survives the loss of two`() throws {
            let cluster = try TestCluster(size: 5)
            defer { cluster.remove() }
            let servers = (0..<5).map {
                "  - {id: server\($0 + 1), base_port: \(cluster.basePort + $0)}\n"
            }
            let file = cluster.directory.appendingPathComponent("cluster.yaml")
            try Data("servers:\n\(servers.joined())timing: {death: 5s}\n".utf8).write(to: file)
            try cluster.start()
            let flags = ["--config", file.path]
            let status = try #require(
                try Running.syncnet(["status", "--wait", "20"] + flags).end(within: 30))
            #expect(status.code == 0, "\(status.output)")
            for number in [1, 2] { try cluster.kill(number) }
            let sent = try #require(
                try Running.syncnet(["send", "den", "three left"] + flags).end(within: 30))
            #expect(sent.code == 0, "\(sent.errors)\n\(cluster.logs)")
            let after = try Wait.last(20) {
                try #require(try Running.syncnet(["status"] + flags).end(within: 20))
            } isRight: {
                $0.output.contains("3/5 online, 1 leader")
            }
            #expect(after.code == 1)
            #expect(after.output.contains("3/5 online, 1 leader"), "\(after.output)")
        }
    }
}
