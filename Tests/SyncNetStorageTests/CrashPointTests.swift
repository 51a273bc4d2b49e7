import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

extension StorageSuite {
    @Suite struct CrashPointTests {
        @Test func `the power may go at every change, and any subset of sectors may stay`() {
            var search = CrashPoints()
            search.messages = 6
            search.subsetsMost = 48
            search.samples = 6
            let report = search.run()
            #expect(report.isClean, "\(report.text)")
            #expect(report.points > 100)
            #expect(report.lines.contains { $0.exhaustive > 0 && $0.exhaustive < $0.points })
            let kinds = ["create", "write", "truncate", "sync"]
            for kind in kinds { #expect(report.lines.contains { $0.what.hasPrefix(kind) }) }
        }

        @Test(arguments: [PlantedBugs.s1SynchronousOff, .c2SessionsNotDurable])
        func `a store that forgets is found`(bug: PlantedBugs) {
            var search = CrashPoints()
            search.messages = 4
            search.subsetsMost = 8
            search.samples = 4
            search.bugs = bug
            #expect(!search.run().isClean)
        }

        @Test func `all choices come, each once`() {
            var seen: [[UInt64]] = []
            var choices = Choices.counting()
            repeat {
                let first = choices.next(2)
                seen.append(first == 0 ? [0, choices.next(3)] : [1])
            } while choices.advance()
            #expect(seen == [[0, 0], [0, 1], [0, 2], [1]])
        }
    }
}
