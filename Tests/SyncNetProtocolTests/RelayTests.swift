import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct RelayTests {
    @Test func `a plain message that was not taken is not said after later ones`() {
        var network = ChatTests.formed()
        let leader = network.leaders[0]
        let node = (leader + 1) % 3
        let stream = network.connectClient(to: node)
        network.request(ChatTests.join, to: node, on: stream)
        network.run(for: .seconds(1))
        var effects = Effects<SyncNet>()
        let command = Command(
            sender: "ada", request: nil, createdAt: 1,
            action: .chat(room: "lobby", text: "first"))
        network.servers[node].ask(
            .command(command, stamp: Stamp(1)),
            for: .client(stream, request: 1, after: nil), into: &effects)
        let id = network.servers[node].waiting.ids.upperBound - 1
        // The leader did not take it; what comes next is taken.
        network.servers[node].relayAnswered(id, .refused(.noLeader), into: &effects)
        network.request(ChatTests.say("second"), to: node, on: stream)
        network.run(for: .seconds(6))
        #expect(ChatTests.texts(network, stream) == ["second"])
        #expect(network.servers[node].waiting[id] == nil)
        let nacked = effects.list.contains {
            guard case .send(let message, _) = $0 else { return false }
            return message.body
                == .reply(
                    .nack(request: 1, .noLeader, detail: NackReason.noLeader.detail))
        }
        #expect(nacked)
    }
}
