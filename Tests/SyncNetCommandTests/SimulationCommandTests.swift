import Foundation
import Testing

extension CommandTests {
    /// Campaigns and replays, as people run them.
    @Suite(.timeLimit(.minutes(10))) struct SimulationCommandTests {
        @Test func `an unknown scenario is refused with the known ones`() throws {
            let ended = try simulate("nothing")
            #expect(ended.code != 0)
            #expect(ended.errors.contains("leader-crash"), "\(ended.errors)")
        }

        @Test func `one seed is one run, in any process`() throws {
            let once = try Self.hash(try replay("leader-crash", "--seed", "7"))
            #expect(try Self.hash(try replay("leader-crash", "--seed", "7")) == once)
            #expect(try Self.hash(try replay("leader-crash", "--seed", "8")) != once)
        }

        @Test(.enabled(if: Place.isBuiltForDebugging, "needs the debug build of the command"))
        func `one seed is one run, in debug and in release`() throws {
            let released = try Self.hash(try replay("split-brain", "--seed", "3"))
            let debugged = try Running(
                Place.debugCommand, ["replay", "split-brain", "--seed", "3"], in: Place.package)
            #expect(try Self.hash(try #require(debugged.end(within: 120))) == released)
        }

        @Test func `a run is repeated from its recorded decisions`() throws {
            let directory = try Place.temporary()
            defer { do { try FileManager.default.removeItem(at: directory) } catch {} }
            let file = directory.appendingPathComponent("run").path
            let first = try replay("rolling-restart", "--seed", "5", "--record", file)
            #expect(first.code == 0, "\(first.output)\(first.errors)")
            let again = try replay(file)
            #expect(again.code == 0, "\(again.output)\(again.errors)")
            #expect(try Self.hash(again) == Self.hash(first))
        }

        @Test func `a campaign has one hash, whatever the number of its processes`() throws {
            let alone = try simulate("--count", "28", "--jobs", "1")
            #expect(alone.code == 0, "\(alone.output)")
            let paired = try simulate("--count", "28", "--jobs", "2")
            #expect(
                try Self.value("campaign hash", in: paired)
                    == Self.value("campaign hash", in: alone))
        }

        @Test func `a broken promise is told with a command that shows it again`() throws {
            let campaign = try simulate("leader-crash", "--count", "4", "--bug", "R18")
            #expect(campaign.code == 1)
            let failure = try #require(campaign.lines.first { $0.hasPrefix("FAILED leader-crash") })
            let property = try #require(failure.split(separator: ":").last)
            let line = try #require(
                campaign.lines.first { $0.contains("scripts/syncnet replay leader-crash") })
            let words = line.split(separator: " ").map(String.init)
            let again = try Running.syncnet(Array(words.dropFirst()), in: Place.package)
            let ended = try #require(again.end(within: 60))
            #expect(ended.code == 1)
            #expect(ended.output.contains(property), "\(ended.output)")
        }

        @Test func `a failure that was kept is played again from its file`() throws {
            let folder = Place.package.appendingPathComponent("Simulations/Regressions")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let file = try #require(files.first { $0.hasSuffix(".yaml") })
            let ended = try replay("Simulations/Regressions/\(file)")
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(ended.lines.contains { $0.hasPrefix("trace hash") })
        }

        @Test func `a trace is one line per event, up to where it is asked for`() throws {
            let traced = try replay("calm", "--seed", "1", "--trace", "--until", "500ms")
            #expect(traced.code == 0)
            #expect(traced.lines.count > 50)
            #expect(traced.output.contains("server1") || traced.output.contains("s1"))
        }

        private func simulate(_ arguments: String...) throws -> Ended {
            let running = try Running.syncnet(["simulate"] + arguments, in: Place.package)
            return try #require(running.end(within: 300))
        }

        private func replay(_ arguments: String...) throws -> Ended {
            let running = try Running.syncnet(["replay"] + arguments, in: Place.package)
            return try #require(running.end(within: 120))
        }

        private static func hash(_ ended: Ended) throws -> String {
            try value("trace hash", in: ended)
        }

        private static func value(_ name: String, in ended: Ended) throws -> String {
            let line = ended.lines.first { $0.hasPrefix(name) }
            return try #require(
                line?.split(separator: " ").last.map(String.init),
                "\(ended.output)\(ended.errors)")
        }
    }
}
