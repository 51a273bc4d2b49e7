import Foundation
import Testing

extension CommandTests {
    /// The command that does bad things to a cluster of its own.
    @Suite(.timeLimit(.minutes(5))) struct TortureTests {
        /// Ports of its own, beside those of a torture that runs meanwhile.
        private static let flags = ["--base-port", "28000", "--clients", "3"]

        private func torture(_ flags: String...) throws -> Running {
            try Running.syncnet(["torture"] + Self.flags + flags)
        }

        /// What of a run can still be found on this machine.
        private func traces(of process: Int32) -> [String] {
            let files = FileManager.default
            let folder = NSTemporaryDirectory()
            let mark = "\(process)"
            let folders = (try? files.contentsOfDirectory(atPath: folder)) ?? []
            let spaces = (try? files.contentsOfDirectory(atPath: "/run/netns")) ?? []
            let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
            let processes = ((try? files.contentsOfDirectory(atPath: "/proc")) ?? [])
                .filter { Int32($0) != nil }
                .map { files.contents(atPath: "/proc/\($0)/cmdline") ?? Data() }
                .map { String(decoding: $0, as: UTF8.self) }
            return folders.filter { $0 == "syncnet-torture-run-\(mark)" }
                + spaces.filter { $0.hasPrefix("syncnet-torture-\(mark)-") }
                + mounts.split(separator: "\n").map(String.init)
                .filter { $0.contains("syncnet-torture-run-\(mark)/") }
                + processes.filter { $0.contains("syncnet-torture-run-\(mark)/") }
        }

        /// Runs until servers were hit, and ends it by a signal.
        private func end(by signal: Int32, _ flags: String...) throws {
            let run = try Running.syncnet(["torture"] + Self.flags + ["--minutes", "5"] + flags)
            try #require(Wait.until(60) { run.text.contains("round 1: ") }, "\(run.text)")
            #expect(!traces(of: run.id).isEmpty)
            let id = run.id
            run.send(signal)
            _ = run.end(within: 30)
            #expect(Wait.until(20) { traces(of: id).isEmpty }, "\(traces(of: id))")
        }

        @Test func `a short run without any rights holds, and leaves nothing`() throws {
            let run = try torture("--minutes", "0.2", "--seed", "11", "--mode", "proxies")
            let ended = try #require(run.end(within: 180), "\(run.text)")
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(ended.output.contains("SEED=11"))
            #expect(ended.output.contains("verdict: all promises held"))
            let conform = try #require(ended.lines.first { $0.contains("conform: ") })
            #expect(conform.contains(" events in ") && conform.contains(": no difference ("))
            #expect(traces(of: run.id) == [])
        }

        @Test(.enabled(if: geteuid() == 0, "needs root"))
        func `a short run in namespaces holds, and leaves nothing`() throws {
            let run = try torture("--minutes", "0.2", "--seed", "12", "--servers", "3")
            let ended = try #require(run.end(within: 180), "\(run.text)")
            #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
            #expect(traces(of: run.id) == [])
        }

        @Test func `Ctrl-C leaves nothing`() throws { try end(by: SIGINT) }

        @Test func `kill -9 leaves nothing, though a server is stopped`() throws {
            try end(by: SIGKILL, "--only", "SIGSTOP")
        }

        @Test func `servers that lose what they acknowledged are found out`() throws {
            let run = try torture("--minutes", "0.4", "--seed", "2", "--only", "all rolled back")
            let ended = try #require(run.end(within: 180), "\(run.text)")
            #expect(ended.code == 1, "\(ended.output)\(ended.errors)")
            #expect(ended.output.contains("BROKEN durability"), "\(ended.output)")
            let words = ended.lines.last { $0.contains("history.txt: ") }
            let kept = try #require(words?.split(separator: ": ").last.map(String.init))
            defer { try? FileManager.default.removeItem(atPath: kept) }
            let history = try String(contentsOfFile: kept + "/history.txt", encoding: .utf8)
            #expect(history.contains("== round 1: all rolled back"))
            #expect(history.contains(" client1 begins"))
            #expect(FileManager.default.fileExists(atPath: kept + "/server1.log"))
            #expect(FileManager.default.fileExists(atPath: kept + "/data/server1"))
            // The machine does even then what servers did.
            let conform = try Running.syncnet(["conform", kept + "/records"])
            #expect(try #require(conform.end(within: 60)).code == 0)
            #expect(traces(of: run.id) == [])
        }

        @Test func `a seed has one plan, and another one another`() throws {
            func plan(_ seed: String) throws -> String {
                let run = try Running.syncnet(["torture", "--plan", "--seed", seed])
                return try #require(run.end(within: 20)).output
            }
            let one = try plan("1")
            #expect(one.contains("round 2, "))
            #expect(try plan("1") == one)
            #expect(try plan("2") != one)
        }

        @Test(arguments: [
            ["--minutes", "0"], ["--servers", "2"], ["--servers", "10"], ["--clients", "0"],
            ["--base-port", "65000"], ["--only", "fire"], ["--mode", "moon"], ["--seed", "x"],
        ])
        func `what makes no sense is told on a line`(flags: [String]) throws {
            let ended = try #require(try Running.syncnet(["torture"] + flags).end(within: 20))
            #expect(ended.code != 0)
            #expect(ended.errors.contains("Error: "), "\(ended.errors)")
        }
    }
}
