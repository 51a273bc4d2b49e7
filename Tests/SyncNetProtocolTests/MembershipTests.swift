import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct MembershipTests {
    /// A cluster of the first servers; the others are fed and are no members.
    static func formed(_ count: Int, founders: Int, bugs: PlantedBugs = []) -> TestNetwork {
        var network = TestNetwork(count: count, founders: founders, bugs: bugs)
        for node in 0..<count { network.start(node) }
        network.run(for: .seconds(8))
        return network
    }

    static func ask(
        _ change: ClientRequestBody, of node: Int, in network: inout TestNetwork,
        as token: Text = "token"
    ) -> StreamID {
        let stream = network.connectClient(to: node)
        network.request(ChatTests.request(.operatorLogin(token: token)), to: node, on: stream)
        network.request(ChatTests.request(change, number: 7), to: node, on: stream)
        network.run(for: .seconds(3))
        return stream
    }

    static func ids(_ network: TestNetwork, _ stream: StreamID) -> [String]? {
        let lists: [[String]] = network.replies.compactMap {
            guard $0.stream == stream, case .servers(7, let servers, _, _) = $0.reply else {
                return nil
            }
            return servers.map(\.id.string)
        }
        return lists.last
    }

    static func leader(_ network: TestNetwork) -> Int? {
        network.servers.indices.first { network.servers[$0].isLeading && !network.isDown[$0] }
    }

    @Test(arguments: 0..<4)
    func `a server that has caught up becomes a member by any server's word`(asked: Int) {
        var network = Self.formed(4, founders: 3)
        let stream = Self.ask(.membership(add: true, id: "server4"), of: asked, in: &network)
        #expect(Self.ids(network, stream) == ["server1", "server2", "server3", "server4"])
        #expect(network.servers.allSatisfy { $0.membership.count == 4 && $0.quorum == 3 })
    }

    @Test func `a server that is no member neither leads nor counts`() {
        var network = Self.formed(4, founders: 3)
        #expect(network.servers.allSatisfy { $0.membership.count == 3 })
        for node in 0..<3 where node != 0 { network.kill(node) }
        network.run(for: .seconds(40))
        #expect(Self.leader(network) == nil)
    }

    /// A leader whom nobody reaches but an operator, and the stream of that one.
    private static func cutOff() throws -> (
        network: TestNetwork, leader: Int, stream: StreamID
    ) {
        var network = formed(4, founders: 3)
        let leader = try #require(Self.leader(network))
        let stream = network.connectClient(to: leader)
        network.request(ChatTests.request(.operatorLogin(token: "token")), to: leader, on: stream)
        network.settle()
        for other in 0..<4 where other != leader {
            network.cuts += [(leader, other), (other, leader)]
        }
        return (network, leader, stream)
    }

    @Test func `one who leads no longer calls no change made already`() throws {
        let cut = try Self.cutOff()
        var network = cut.network
        let (former, stream) = (cut.leader, cut.stream)
        let change = ClientRequestBody.membership(add: false, id: "server4")
        network.request(ChatTests.request(change, number: 7), to: former, on: stream)
        network.settle()
        #expect(network.servers[former].isLeading)
        #expect(Self.ids(network, stream) == nil)
        network.cuts = []
        network.run(for: .seconds(1))
        #expect(Self.ids(network, stream) == ["server1", "server2", "server3"])
    }

    @Test func `nor one that stands in its log, which others may have undone`() throws {
        let cut = try Self.cutOff()
        var network = cut.network
        let (former, stream) = (cut.leader, cut.stream)
        let change = ClientRequestBody.membership(add: true, id: "server4")
        network.request(ChatTests.request(change, number: 6), to: former, on: stream)
        network.settle()
        #expect(network.servers[former].waiting.placed.count == 1)
        network.request(ChatTests.request(change, number: 7), to: former, on: stream)
        network.settle()
        #expect(network.servers[former].waiting.placed.count == 1, "it asks a quorum first")
        #expect(network.servers[former].leading?.reads.count == 1)
        network.cuts = []
        network.run(for: .seconds(3))
        #expect(Self.ids(network, stream) == ["server1", "server2", "server3", "server4"])
    }

    @Test func `a server that was removed ends, and the others need it no more`() {
        var network = Self.formed(4, founders: 4)
        let stream = Self.ask(.membership(add: false, id: "server4"), of: 0, in: &network)
        #expect(Self.ids(network, stream) == ["server1", "server2", "server3"])
        #expect(network.servers[3].phase == .halted)
        network.kill(3)
        network.kill(2)
        network.run(for: .seconds(40))
        #expect(Self.leader(network) != nil)
    }

    @Test func `a removal is stored whole, whatever is answered with it`() throws {
        var network = Self.formed(4, founders: 4)
        let leader = try #require(Self.leader(network))
        let (follower, removed) = ((leader + 1) % 4, (leader + 2) % 4)
        let stream = network.connectClient(to: follower)
        network.request(ChatTests.join, to: follower, on: stream)
        network.request(ChatTests.say("hello"), to: follower, on: stream)
        network.run(for: .seconds(2))
        // A join that changes nothing, and waits for the entry that follows.
        let place = network.servers[follower].log.last.next
        let join = Command(
            sender: "ada", request: nil, createdAt: 1, action: .join(room: "lobby"))
        let id = network.servers[follower].waiting.add(
            Waiting(
                owner: .client(stream, request: 9, after: .zero),
                request: .command(join, stamp: Stamp(1)), state: .unsent, since: network.now))
        network.servers[follower].waiting.set(.settled(place), of: id)
        _ = Self.ask(
            .membership(add: false, id: Text("server\(removed + 1)")), of: leader, in: &network)
        network.run(for: .seconds(2))
        let stored = network.deltas[follower].filter { delta in
            delta.admitted.contains { $0.node == NodeID(UInt32(removed)) }
        }
        #expect(stored.first?.through == place, "\(network.deltas[follower])")
    }

    @Test func `a leader that removes itself hands over to the others`() throws {
        var network = Self.formed(3, founders: 3)
        let first = try #require(Self.leader(network))
        let id = Text("server\(first + 1)")
        _ = Self.ask(.membership(add: false, id: id), of: (first + 1) % 3, in: &network)
        network.kill(first)
        network.run(for: .seconds(40))
        let second = try #require(Self.leader(network))
        #expect(second != first)
        #expect(network.servers[second].membership.count == 2)
    }

    @Test func `one change waits for the other`() throws {
        var network = Self.formed(5, founders: 3)
        let leader = try #require(Self.leader(network))
        for node in 0..<3 where node != leader { network.kill(node) }
        let stream = network.connectClient(to: leader)
        network.request(
            ChatTests.request(.operatorLogin(token: "token")), to: leader, on: stream)
        for id: Text in ["server4", "server5"] {
            network.request(
                ChatTests.request(.membership(add: true, id: id), number: 7), to: leader,
                on: stream)
        }
        network.settle()
        #expect(ChatTests.nacks(network).contains(.notReady))
        #expect(network.servers[leader].membership.count == 4)
    }

    @Test func `nobody but an operator changes the members`() {
        var network = Self.formed(4, founders: 3)
        let change = ClientRequestBody.membership(add: true, id: "server4")
        let stream = Self.ask(change, of: 0, in: &network, as: "guess")
        #expect(Self.ids(network, stream) == nil)
        #expect(ChatTests.nacks(network).contains(.notAllowed))
        #expect(network.servers.allSatisfy { $0.membership.count == 3 })
    }

    @Test func `a server that nobody configured can't be added`() {
        var network = Self.formed(3, founders: 3)
        let stream = Self.ask(.membership(add: true, id: "server9"), of: 0, in: &network)
        #expect(Self.ids(network, stream) == nil)
        #expect(ChatTests.nacks(network) == [.badRequest])
    }

    @Test func `one that the leader's list does not name can't be added, whatever is under way`() {
        var network = Self.formed(4, founders: 3)
        let leader = network.leaders[0]
        network.servers[leader].membershipIndex = network.servers[leader].log.last
        var effects = Effects<SyncNet>()
        network.servers[leader].takeChange(
            .add(NodeID(4)), isConfirmed: false, id: 1,
            from: .peer(NodeID(UInt32((leader + 1) % 3))), into: &effects)
        let answers = effects.list.compactMap { effect -> Body? in
            if case .send(let message, _) = effect { message.body } else { nil }
        }
        #expect(answers == [.relayAnswer(1, .refused(.notReady))])
    }

    @Test func `entries add and remove members one by one`() {
        var membership = Membership(count: 3)
        membership.take(.diskAdmitted(NodeID(3), DiskID(9)), isApplied: false)
        #expect(membership.count == 4 && membership.counts(NodeID(3), with: DiskID(9)))
        membership.take(.memberRemoved(NodeID(0), DiskID(1)), isApplied: false)
        #expect(membership.nodes == [NodeID(1), NodeID(2), NodeID(3)])
        #expect(membership.quorum == 2)
    }

    @Test func `who learnt of the cluster after a removal knows the removed disk from the entry`() {
        var membership = Membership(count: 3)
        membership.take(.memberRemoved(NodeID(2), DiskID(30)), isApplied: true)
        #expect(membership.retired[NodeID(2)] == DiskID(30))
        #expect(membership.nodes == [NodeID(0), NodeID(1)])
        var restarted = Membership(count: 3)
        restarted.take(stored: MemberDisk(node: NodeID(2), disk: DiskID(30)))
        restarted.take(stored: MemberDisk(node: NodeID(2), disk: DiskID(0)))
        #expect(restarted == membership)
    }

    @Test func `a wiped member's new disk counts only once its entry is applied`() {
        var membership = Membership(count: 3)
        membership.admit(NodeID(1), DiskID(5))
        membership.take(.diskAdmitted(NodeID(1), DiskID(6)), isApplied: false)
        #expect(membership.counts(NodeID(1), with: DiskID(5)))
        membership.take(.diskAdmitted(NodeID(1), DiskID(6)), isApplied: true)
        #expect(membership.counts(NodeID(1), with: DiskID(6)))
    }
}
