import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct ConfirmationTests {
    private static func read(_ number: UInt64) -> ClientRequest {
        let history = HistoryRequest(room: "lobby", isLinearizable: true)
        return ChatTests.request(.history(history), number: number)
    }

    private static func pages(_ network: TestNetwork) -> Int {
        network.replies.count { if case .history = $0.reply { true } else { false } }
    }

    @Test func `an answer to what was sent before a read does not confirm it`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        // Time stands still from here on: all that follows bears one moment.
        network.settle()
        network.request(Self.read(8), to: leader, on: stream)
        network.settle()
        #expect(Self.pages(network) == 1)
        network.kill((leader + 1) % 3)
        network.kill((leader + 2) % 3)
        network.request(Self.read(9), to: leader, on: stream)
        network.settle()
        #expect(Self.pages(network) == 1)
    }

    @Test func `a peer that speaks is asked again where the leader's clock stands still`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.join, to: leader, on: stream)
        network.settle()
        let others = [(leader + 1) % 3, (leader + 2) % 3]
        network.cuts = others.map { (leader, $0) }
        network.request(Self.read(8), to: leader, on: stream)
        network.settle()
        network.cuts = []
        #expect(Self.pages(network) == 0)
        // No timer of the leader fires.
        network.input(.timer(.heartbeat), to: others[0])
        network.settle()
        #expect(Self.pages(network) == 1)
    }

    @Test func `a single server answers reads that come at one moment`() {
        var network = TestNetwork(count: 1)
        network.start(0)
        network.run(for: .seconds(10))
        let stream = network.connectClient(to: 0)
        network.request(ChatTests.join, to: 0, on: stream)
        for number in 7...9 as ClosedRange<UInt64> {
            network.request(Self.read(number), to: 0, on: stream)
        }
        network.settle()
        #expect(Self.pages(network) == 3)
    }
}
