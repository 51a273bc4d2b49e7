import Foundation
import Testing

extension CommandTests {
    /// What is acknowledged stays, whatever is killed.
    @Suite(.timeLimit(.minutes(10))) struct LossTests {
        @Test func `ten kills of the leader in a row lose, double and reorder nothing`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let writer = try Writer(cluster)
            var slowest = Duration.zero
            for round in 1...10 {
                writer.write(for: 0.5)
                let leader = try cluster.leader()
                try cluster.kill(leader)
                let killed = ContinuousClock.now
                _ = try cluster.leader(within: 15)
                slowest = max(slowest, killed.duration(to: .now))
                writer.write(for: 0.3)
                try cluster.start(leader)
                try cluster.becomesHealthy()
                #expect(writer.isRunning, "the client has ended in round \(round)")
            }
            print("the slowest of ten re-elections took \(slowest)")
            #expect(slowest < .seconds(15))
            try writer.expectAll(in: cluster)
        }

        @Test func `a rolling restart is not noticed by a client that writes`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let writer = try Writer(cluster)
            for number in 1...3 {
                writer.write(for: 0.5)
                let ended = try #require(try cluster.stop(number), "server\(number) hangs")
                #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
                writer.write(for: 0.3)
                try cluster.start(number)
                try cluster.becomesHealthy()
            }
            try writer.expectAll(in: cluster)
        }

        @Test func `all servers killed at once come back with everything`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let writer = try Writer(cluster)
            writer.write(for: 1)
            for number in 1...3 { try cluster.server(number).send(SIGKILL) }
            for number in 1...3 { try cluster.kill(number) }
            try cluster.start()
            try cluster.becomesHealthy()
            writer.write(for: 0.5)
            try writer.expectAll(in: cluster)
        }

        @Test(arguments: [[1, 2], [2, 1], [1, 3], [3, 1], [2, 3], [3, 2]])
        func `two servers killed in any order come back, and nothing is lost`(
            order: [Int]
        ) throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let writer = try Writer(cluster)
            writer.write(for: 0.2)
            for number in order {
                try cluster.kill(number)
                writer.write(for: 0.2)
            }
            for number in order.reversed() { try cluster.start(number) }
            try cluster.becomesHealthy()
            try writer.expectAll(in: cluster)
        }

        @Test func `a plain client that uses nothing of ours loses nothing either`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let ports = cluster.ports.flatMap { ["--port", "\($0)"] }
            let plain = try Running.python(
                [Place.plainClient.path] + ports
                    + ["write", "den", "400", "--pace", "0.02", "--verify"])
            for _ in 1...3 {
                Thread.sleep(forTimeInterval: 1)
                let leader = try cluster.leader()
                try cluster.kill(leader)
                _ = try cluster.leader()
                try cluster.start(leader)
                try cluster.becomesHealthy()
            }
            let ended = try #require(plain.end(within: 60), "\(cluster.logs)")
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)\n\(cluster.logs)")
        }
    }
}

/// A `syncnet client` that is told line after line what to say.
private final class Writer {
    private let client: Running
    private var said: [String] = []
    private static let room = "the den"

    init(_ cluster: TestCluster) throws {
        client = try Running.syncnet(["client", "--name", "writer"] + cluster.flags)
        client.type("/join \(Self.room)")
    }

    var isRunning: Bool { client.isRunning }

    /// Says something every few milliseconds, without waiting for answers.
    func write(for seconds: Double) {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            said.append("message \(said.count + 1)")
            client.type(said[said.count - 1])
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    /// Everything was acknowledged, and every server has it once and in order.
    func expectAll(in cluster: TestCluster) throws {
        client.endInput()
        let ended = try #require(client.end(within: 60), "the client hangs\n\(cluster.logs)")
        #expect(ended.code == 0, "\(ended.output.suffix(2_000))\(ended.errors)")
        for port in cluster.ports {
            let history = try Running.syncnet([
                "history", Self.room, "--json", "--all", "--linearizable", "--server-port",
                "\(port)",
            ])
            let page = try #require(history.end(within: 30))
            #expect(page.code == 0, "\(page.errors)")
            let texts = try page.lines.map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return (object as? [String: Any])?["text"] as? String
            }
            #expect(texts.count == said.count, "\(texts.count) of \(said.count)")
            #expect(texts == said, "not each once and in order at port \(port)")
        }
    }
}
