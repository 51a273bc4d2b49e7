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

    @Test func `a refusal says nothing of an earlier copy that may have been taken`() {
        var network = ChatTests.formed()
        let node = (network.leaders[0] + 1) % 3
        let stream = network.connectClient(to: node)
        network.settle()
        var effects = Effects<SyncNet>()
        let command = Command(
            sender: "ada", request: SessionRequest(session: "s", number: 1), createdAt: 1,
            action: .join(room: "lobby"))
        network.servers[node].ask(
            .command(command, stamp: Stamp(1)),
            for: .client(stream, request: 1, after: nil), into: &effects)
        let id = network.servers[node].waiting.ids.upperBound - 1
        network.servers[node].relaysBroke(into: &effects)
        network.servers[node].relayAnswered(id, .refused(.overloaded), into: &effects)
        #expect(network.servers[node].waiting[id]?.state == .unsent)
        // Whoever was asked but once knows that it was not taken.
        network.servers[node].ask(
            .command(command, stamp: Stamp(1)),
            for: .client(stream, request: 2, after: nil), into: &effects)
        let other = network.servers[node].waiting.ids.upperBound - 1
        network.servers[node].relayAnswered(other, .refused(.overloaded), into: &effects)
        #expect(network.servers[node].waiting[other] == nil)
    }

    @Test(arguments: [("s" as Text, NackReason.unavailable), ("t", .unknownSession)])
    func `a late word that a session is unknown is not passed on where it is known`(
        session: Text, expected: NackReason
    ) {
        var network = ChatTests.formed()
        let node = (network.leaders[0] + 1) % 3
        let stream = network.connectClient(to: node)
        let join = ClientRequestBody.createJoin(room: "lobby", after: nil)
        network.request(ChatTests.request(join, session: "s", number: 1), to: node, on: stream)
        network.run(for: .seconds(1))
        var effects = Effects<SyncNet>()
        let command = Command(
            sender: "ada", request: SessionRequest(session: session, number: 2), createdAt: 1,
            action: .chat(room: "lobby", text: "hello"))
        network.servers[node].ask(
            .command(command, stamp: Stamp(1)),
            for: .client(stream, request: 2, after: nil), into: &effects)
        let id = network.servers[node].waiting.ids.upperBound - 1
        network.servers[node].relayAnswered(id, .refused(.unknownSession), into: &effects)
        let nacks = effects.list.compactMap { effect -> NackReason? in
            guard case .send(let message, _) = effect,
                case .reply(.nack(_, let reason, _)) = message.body
            else { return nil }
            return reason
        }
        #expect(nacks == [expected])
    }

    @Test func `who has applied a request answers its retry without a leader`() {
        var network = ChatTests.formed()
        let node = (network.leaders[0] + 1) % 3
        let stream = network.connectClient(to: node)
        let join = ClientRequestBody.createJoin(room: "lobby", after: nil)
        network.request(ChatTests.request(join, session: "s", number: 1), to: node, on: stream)
        network.run(for: .seconds(1))
        let command = Command(
            sender: "ada", request: SessionRequest(session: "s", number: 1), createdAt: 1,
            action: .join(room: "lobby"))
        let retry = RelayedRequest.command(command, stamp: Stamp(1))
        func answers(to owner: Waiting.Owner) -> [Body] {
            var effects = Effects<SyncNet>()
            network.servers[node].ask(retry, for: owner, into: &effects)
            return effects.list.compactMap { effect in
                if case .send(let message, _) = effect { message.body } else { nil }
            }
        }
        let place = network.servers[node].sessions.standing(of: command.request!)
        guard case .repeat(.done(let index)) = place else {
            Issue.record("not applied: \(place)")
            return
        }
        let epoch = network.servers[node].log.epoch(at: index)!
        let leader = NodeID(UInt32(network.leaders[0]))
        #expect(
            answers(to: .client(stream, request: 1, after: index)).first
                == .reply(.done(request: 1, room: "lobby", index: index)))
        #expect(
            answers(to: .peer(leader, id: 4)) == [.relayAnswer(4, .appended(index, epoch))])
        #expect(network.servers[node].waiting.count == 0)
    }

    @Test func `connections are found in whatever order they came`() {
        var table = ClientTable()
        for number: UInt64 in [4, 9, 2, 7, 3] { table.add(StreamID(number)) }
        for number: UInt64 in [2, 3, 4, 7, 9] { #expect(table.contains(StreamID(number))) }
        #expect(!table.contains(StreamID(5)))
        _ = table.remove(StreamID(4))
        #expect(!table.contains(StreamID(4)))
        #expect(table.count == 4)
    }
}
