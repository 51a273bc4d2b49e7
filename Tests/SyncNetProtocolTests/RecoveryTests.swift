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

    /// Which cluster a server says that it is.
    private func told(by node: Int, in network: inout TestNetwork) -> ClusterID? {
        let stream = network.connectClient(to: node)
        let request = ClientRequest(
            sender: "ada", createdAt: 1, session: nil, request: 7, body: .discovery(status: false))
        network.request(request, to: node, on: stream)
        network.settle()
        for reply in network.replies where reply.stream == stream {
            if case .servers(7, _, _, let cluster) = reply.reply { return cluster }
        }
        Issue.record("no list of servers")
        return nil
    }

    @Test
    func `a new disk's server names no cluster before it has been told, and then the others'`() {
        var network = TestNetwork(count: 3)
        network.startFormed()
        network.run(for: .seconds(5))
        let cluster = told(by: 0, in: &network)
        #expect(cluster != nil && told(by: 1, in: &network) == cluster)
        network.kill(2)
        network.cuts = [(2, 0), (0, 2), (2, 1), (1, 2)]
        network.restartWiped(2)
        network.run(for: .seconds(5))
        #expect(told(by: 2, in: &network) == nil)
        network.cuts = []
        network.run(for: .seconds(30))
        #expect(told(by: 2, in: &network) == cluster)
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
