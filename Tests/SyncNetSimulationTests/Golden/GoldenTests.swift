import Foundation
import SyncNetSimulation
import Testing

@Suite struct `Runs whose hashes are kept` {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("hashes.txt").path
    /// This build repeats every tenth; `scripts/golden` repeats all, in release.
    static let runs = ((try? GoldenRuns(path: path).runs) ?? []).enumerated()
        .filter { $0.offset % 10 == 0 }.map(\.element)

    @Test(arguments: runs) func `are the same in this build`(kept: GoldenRun) throws {
        let now = try kept.again(in: Campaign.directory)
        #expect(now == kept, "on purpose? SYNCNET_REWRITE=1 scripts/golden")
    }

    @Test func `are a hundred, of all scenarios`() throws {
        let runs = try GoldenRuns(path: Self.path).runs
        #expect(runs.count == 100)
        #expect(Set(runs.map(\.scenario)).count > 10)
        #expect(Set(runs.map(\.hash)).count == 100)
    }

    @Test func `are written as they are read`() {
        let run = GoldenRun(scenario: "calm", seed: 7, hash: 0xAB, events: 12)
        #expect(run.line == "calm 7 00000000000000ab 12")
        #expect(GoldenRun(line: Substring(run.line)) == run)
        #expect(GoldenRun(line: "calm 7 xyz 12") == nil)
    }
}
