import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct `The clock's leaps` {
    private func second(_ number: UInt64) -> Instant { .zero + .seconds(number) }

    @Test func `have a bound together, which grows with time`() {
        var budget = LeapBudget()
        #expect(budget.left(at: second(9)) == 1 << 32)
        budget.use(1 << 32, at: second(9))
        #expect(budget.left(at: second(9)) == 0)
        #expect(budget.left(at: second(10)) == 1 << 22)
        budget.use(1 << 20, at: .zero + .milliseconds(10_900))
        #expect(budget.left(at: second(11)) == 2 * (1 << 22) - 1 << 20)
        #expect(budget.left(at: second(10_000)) == 1 << 32)
        #expect(budget.left(at: second(1 << 33)) == 1 << 32)
    }

    private func leap(_ stamp: UInt64, of network: inout TestNetwork, on stream: StreamID) {
        let request = ClientRequest(
            sender: "mallory", createdAt: 1, session: nil, request: 7,
            body: .discovery(status: false))
        network.request(request, to: 1, on: stream, stamp: Stamp(stamp))
        network.run(for: .milliseconds(10))
    }

    @Test func `by one client after the other stop nobody`() {
        var network = ChatTests.formed()
        let stream = network.connectClient(to: 1)
        network.request(ChatTests.join, to: 1, on: stream)
        network.run(for: .seconds(1))
        for _ in 0..<9 {
            leap(network.servers[1].clock.value.number + 1 << 32 - 1_000, of: &network, on: stream)
        }
        network.run(for: .seconds(20))
        let refused = ChatTests.nacks(network).filter { $0 == .badRequest }
        #expect(refused.count == 8)
        #expect(network.leaders.count == 1)
        network.request(ChatTests.say("all is well"), to: 1, on: stream)
        network.run(for: .seconds(1))
        #expect(ChatTests.texts(network, stream) == ["all is well"])
        #expect(network.servers.allSatisfy { $0.clock.value.number < 2 << 32 })
    }

    @Test func `of another server are followed, however long one was away`() {
        let server = ChatTests.formed().servers[0]
        let far = Stamp(server.clock.value.number + 1 << 40)
        #expect(server.isCredible(far, isClients: false))
        #expect(!server.isCredible(far, isClients: true))
        #expect(!server.isCredible(Stamp(1 << 53 + 1), isClients: false))
    }
}
