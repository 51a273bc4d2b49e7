import Foundation
import Testing

extension CommandTests {
    /// Small runs of what measures fan-outs and growth. What they measure is nobody's claim here.
    @Suite(.timeLimit(.minutes(5))) struct BenchScaleTests {
        @Test func `a fan-out reaches every receiver once, in a burst and at a pace`() throws {
            let ended = try BenchRun.run(
                "fanout", "--receivers", "7", "--messages", "300", "--rate", "100", "--seconds",
                "0.3", "--json", "--base-port", BenchRun.ports())
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            let rows = try BenchRun.decode(FanoutShape.self, ended).rows
            #expect(rows.map(\.rate) == [0, 100])
            #expect(rows.map(\.messages) == [300, 30])
            for row in rows {
                #expect(row.delivered == 7 * row.messages)
                #expect(row.lost == 0 && row.doubled == 0)
                #expect(row.p50Ms > 0 && row.p50Ms <= row.p99Ms && row.p99Ms <= row.maxMs)
            }
        }

        @Test(arguments: [("lose", 250, 1, 0), ("double", 250, 0, 1), ("nothing", 1, 0, 0)])
        func `a delivery that a server forgets or repeats is counted`(
            fault: String, message: Int, lost: Int, doubled: Int
        ) throws {
            let server = try Running.python([
                Place.forgetfulServer.path, fault, "\(message)",
            ])
            try #require(Wait.until(10) { server.text.contains("\n") }, "\(server.text)")
            let port = server.text.trimmingCharacters(in: .whitespacesAndNewlines)
            let ended = try BenchRun.run(
                "load", "fanout", "3", "100", "burst", "16", "50", port, port, "\(server.id)")
            #expect(ended.code == 0, "\(ended.errors)")
            let figures = try BenchRun.decode(FanoutShape.Row.self, ended)
            #expect(figures.lost == lost && figures.doubled == doubled, "\(ended.output)")
            #expect(figures.delivered == 300 - lost)
        }

        @Test func `idle clients take memory, and their row stands below one without them`() throws
        {
            let ended = try BenchRun.run(
                "scale", "idle", "--idle", "200", "--clients", "2", "--seconds", "2", "--json",
                "--base-port", BenchRun.ports())
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            let rows = try BenchRun.decode(IdleShape.self, ended).rows
            #expect(rows.map(\.idle) == [0, 200])
            #expect(rows[1].bytesAfter > rows[1].bytesBefore)
            #expect(rows.allSatisfy { $0.figures.perSecond > 0 })
        }

        @Test func `more clients than files may be open are refused before servers start`() throws {
            let shell = "ulimit -n 2000 && exec \"$0\" \"$@\""
            let running = try Running(
                URL(fileURLWithPath: "/bin/sh"),
                ["-c", shell, Place.command.path, "bench", "scale", "idle", "--idle", "3000"])
            let ended = try #require(running.end(within: 20))
            #expect(ended.code == 1)
            #expect(ended.errors.contains("the hard limit is 2000: raise it"), "\(ended.errors)")
        }

        @Test func `a history is filled, paged, restarted and caught up with at each length`()
            throws
        {
            let folder = try Place.temporary()
            defer { try? FileManager.default.removeItem(at: folder) }
            let plot = folder.appendingPathComponent("history.svg")
            let ended = try BenchRun.run(
                "scale", "history", "--messages", "200,400", "--clients", "2", "--seconds", "1",
                "--plot", plot.path, "--json", "--base-port", BenchRun.ports())
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            let rows = try BenchRun.decode(HistoryShape.self, ended).rows
            #expect(rows.map(\.messages) == [200, 400])
            for row in rows {
                #expect(row.catchUp.entries > row.messages)
                #expect(row.startMs > 0 && row.fillPerSecond > 0)
                #expect(row.pages.endP50Ms > 0 && row.pages.middleP50Ms > 0)
            }
            let curves = try PlotReader(plot).all("polyline").count
            #expect(curves == 5)
        }

        @Test func `clusters of several sizes are measured one by one`() throws {
            let ended = try BenchRun.run(
                "scale", "servers", "--servers", "1,3", "--clients", "2", "--seconds", "2",
                "--base-port", BenchRun.ports())
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            let rows = ended.lines.map { $0.split(separator: " ") }
            for size in ["1", "3"] {
                let row = try #require(rows.first { $0.starts(with: [size[...], "2", "leader"]) })
                #expect(row.count == 12, "\(row)")
                #expect(Double(row[3]).map { $0 > 0 } == true, "\(row)")
            }
        }

        @Test(.enabled(if: geteuid() == 0, "needs root"))
        func `a leader whose cable is pulled is followed by another, and nothing stays`() throws {
            let running = try Running.syncnet([
                "bench", "failover", "--how", "partition", "--trials", "1", "--timing", "lan",
                "--json", "--base-port", BenchRun.ports(),
            ])
            let id = running.id
            let ended = try #require(running.end(within: 200), "\(running.text)")
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(ended.output.contains("\"outages_ms\"") || ended.output.contains("left out"))
            let left = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
            #expect(left.filter { $0.hasPrefix("syncnet-torture-\(id)-") } == [])
        }
    }
}

private struct FanoutShape: Decodable {
    struct Row: Decodable {
        var messages: Int
        var rate: Int
        var delivered: Int
        var lost: Int
        var doubled: Int
        var p50Ms: Double
        var p99Ms: Double
        var maxMs: Double
    }
    var rows: [Row]
}

private struct FiguresShape: Decodable { var perSecond: Double }

private struct IdleShape: Decodable {
    struct Row: Decodable {
        var idle: Int
        var bytesBefore: Int
        var bytesAfter: Int
        var figures: FiguresShape
    }
    var rows: [Row]
}

private struct HistoryShape: Decodable {
    struct Pages: Decodable {
        var endP50Ms: Double
        var middleP50Ms: Double
    }
    struct CatchUp: Decodable { var entries: Int }
    struct Row: Decodable {
        var messages: Int
        var fillPerSecond: Double
        var startMs: Double
        var pages: Pages
        var catchUp: CatchUp
    }
    var rows: [Row]
}
