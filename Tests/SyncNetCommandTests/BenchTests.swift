import Foundation
import Testing

extension CommandTests {
    /// The commands that measure. What they measure is nobody's claim here.
    @Suite(.timeLimit(.minutes(5))) struct BenchTests {
        @Test(
            arguments: [
                (["cluster", "--clients", "0"], "--clients has to be numbers from 1 to 10000"),
                (["cluster", "--clients", "1,,4"], "--clients has to be numbers from 1 to 10000"),
                (["cluster", "--seconds", "0"], "--seconds has to be from 0.2 to 3600."),
                (["cluster", "--bytes", "20000"], "--bytes has to be from 1 to 16384."),
                (["cluster", "--runs", "0"], "--runs has to be from 1 to 99."),
                (["cluster", "--plot", "curve.png"], "name a file like curve.svg"),
                (["cluster", "--plot", "/nowhere/at/all/a.svg"], "make a directory"),
                (["fanout", "--receivers", "0"], "--receivers has to be from 1 to 10000."),
                (["fanout", "--bytes", "8"], "--bytes has to be from 9 to 16384."),
                (["fanout", "--outstanding", "2000"], "--outstanding has to be from 1 to 1024."),
                (["fanout", "--messages", "9000000"], "have to be 100000000 at most."),
                (["scale", "idle", "--idle", "20000"], "--idle has to be from 1 to 16000."),
                (["scale", "history", "--messages", "9"], "--messages has to be numbers from 200"),
                (["scale", "servers", "--servers", "3,10"], "--servers has to be numbers from 1"),
                (["scale", "servers", "--members", "a=localhost:1"], "--members can't be given"),
                (["calm", "--minutes", "0"], "--minutes has to be from 0.05 to 600."),
                (["calm", "--spinners", "17"], "--spinners has to be from 0 to 16."),
                (["failover", "--trials", "0"], "--trials has to be from 1 to 1000."),
                (["failover", "--how", "shout"], "--how"),
                (["simulator", "--seeds", "0"], "--seeds has to be from 1 to 1000000."),
                (["simulator", "--only", "chess"], "There is no workload \"chess\""),
            ])
        func `what makes no sense is refused before anything starts`(
            words: [String], text: String
        ) throws {
            let running = try Running.syncnet(["bench"] + words)
            let ended = try #require(running.end(within: 20))
            #expect(ended.code == 64)
            #expect(ended.errors.contains(text), "\(ended.errors)")
        }

        @Test func `the load generator says what it wants to be told`() throws {
            let ended = try BenchRun.run("load", "etcd", "1", "0", "100", "2379", "1")
            #expect(ended.code == 64)
            #expect(ended.errors.contains("say etcd|nats|syncnet SECONDS CLIENTS BYTES"))
        }

        @Test func `data in memory is refused, and so is a directory that is not there`() throws {
            let missing = try BenchRun.run("cluster", "--data-dir", "/nowhere/at/all")
            #expect(missing.code == 1)
            #expect(missing.errors.contains("there is no directory /nowhere/at/all"))
            guard FileManager.default.fileExists(atPath: "/dev/shm") else { return }
            let memory = try BenchRun.run("cluster", "--data-dir", "/dev/shm")
            #expect(memory.code == 1)
            #expect(memory.errors.contains("/dev/shm is in memory"), "\(memory.errors)")
        }

        @Test func `a few seconds of calm count suspicions on a busy machine`() throws {
            let ended = try BenchRun.run(
                "calm", "--minutes", "0.05", "--spinners", "1", "--base-port", BenchRun.ports())
            let last = try #require(ended.lines.last)
            #expect(last.hasPrefix("suspicions "), "\(ended.output)\(ended.errors)")
            #expect(ended.code == (last.hasPrefix("suspicions 0,") ? 0 : 1))
        }

        @Test func `a tiny bench of a cluster fills every column`() throws {
            let ended = try BenchRun.run(
                "cluster", "--clients", "1,4", "--spread", "--seconds", "2", "--base-port",
                BenchRun.ports())
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            let rows = ended.lines.map { $0.split(separator: " ") }
            let head = rows.first { $0.first == "clients" }
            #expect(head?.contains("messages/s") == true, "\(ended.output)")
            for (clients, place) in [
                ("1", "leader"), ("4", "leader"), ("1", "spread"), ("4", "spread"),
            ] {
                let row = try #require(rows.first { $0.starts(with: [clients[...], place[...]]) })
                #expect(row.count == 11, "\(row)")
                #expect(Double(row[2]).map { $0 > 0 } == true, "\(row)")
            }
        }

        @Test func `a tiny bench of failovers tells its time line as JSON`() throws {
            let ended = try BenchRun.run(
                "failover", "--trials", "1", "--json", "--base-port", BenchRun.ports())
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            let report = try BenchRun.decode(FailoverShape.self, ended)
            #expect(report.outagesMs.count == 1)
            #expect(report.medianMs == report.outagesMs[0])
            #expect(report.worstMs == report.outagesMs[0])
            #expect(report.timeLine.steps.allSatisfy { $0.afterMs != nil }, "\(ended.output)")
        }

        @Test func `the simulator has the same traces each time it is measured`() throws {
            let words = ["simulator", "--only", "heartbeats-100,swarm", "--seeds", "2", "--json"]
            let hashes = try (0..<2).map { _ in
                let running = try Running.syncnet(["bench"] + words)
                let ended = try #require(running.end(within: 120))
                #expect(ended.code == 0, "\(ended.errors)")
                return try BenchRun.decode([RowShape].self, ended).map(\.traceHash)
            }
            #expect(hashes[0].count == 2)
            #expect(hashes[0] == hashes[1])
        }
    }
}

private struct FailoverShape: Decodable {
    struct Line: Decodable { var steps: [Step] }
    struct Step: Decodable { var afterMs: Double? }
    var outagesMs: [Double]
    var medianMs: Double
    var worstMs: Double
    var timeLine: Line
}

private struct RowShape: Decodable { var traceHash: String }
