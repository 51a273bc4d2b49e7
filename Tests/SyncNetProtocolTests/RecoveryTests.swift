import StateMachine
import Testing

@testable import SyncNetProtocol

/// Servers with empty disks.
@Suite struct RecoveryTests {
    @Test func `a server with an empty disk that can't reach the leader is fed by another one`() {
        var network = TestNetwork(count: 5)
        network.startFormed()
        network.run(for: .seconds(5))
        let leader = network.leaders[0]
        let wiped = (leader + 1) % 5
        network.cuts = [(leader, wiped), (wiped, leader)]
        network.kill(wiped)
        network.restartWiped(wiped)
        network.run(for: .seconds(60))
        #expect(network.leaders == [leader])
        #expect(network.marks.contains { $0.node == wiped && $0.mark == .admitted })
    }

    @Test func `an operator hears that a disk is filled once a crash would not undo that`() {
        var network = TestNetwork(count: 3)
        network.startFormed()
        network.run(for: .seconds(5))
        let wiped = (network.leaders[0] + 1) % 3
        network.kill(wiped)
        network.restartWiped(wiped)
        network.run(for: .seconds(30))
        #expect(network.marks.contains { $0.node == wiped && $0.mark == .admitted })
        let told = network.reports.filter { $0.node == wiped && $0.report == .recovered }
        #expect(told.count == 1)
        for report in told {
            guard case .written = report.event else {
                Issue.record("told with \(report.event)")
                continue
            }
        }
    }
}
