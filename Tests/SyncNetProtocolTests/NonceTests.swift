import StateMachine
import Testing

@testable import SyncNetProtocol

/// One server, face to face with introductions.
private struct Lone {
    var server: Server
    var effects: [Effect<SyncNet>] = []
    let members: [Text] = ["a", "b", "c"]

    init(rank: UInt32, _ found: (inout Recovered) -> Void) {
        let configuration = ServerConfiguration(
            me: NodeID(rank),
            members: members.map { Member(id: $0, host: "localhost", port: 1) })
        server = Server(configuration)
        var recovered = Recovered(disk: DiskID(100 + UInt64(rank)), boot: Boot(4))
        found(&recovered)
        take(.started(.server(recovered)))
        take(.written(Ticket(1)))
    }

    mutating func take(_ event: Event<SyncNet>) {
        var effects = Effects<SyncNet>()
        let now = ClockReading(
            monotonic: Instant(nanoseconds: 1_000_000_000), wall: WallTime(microseconds: 1))
        server.handle(event, now: now, into: &effects)
        self.effects = effects.list
    }

    var disks: [MemberDisk] {
        (0..<3).map { MemberDisk(node: NodeID($0), disk: DiskID(100 + UInt64($0))) }
    }

    mutating func hear(
        _ peer: UInt32, isNew: Bool, formation: Formation?, wantsAnswer: Bool = false,
        nonce: UInt64?, boot: Boot = Boot(1), disk: DiskID? = nil
    ) {
        let introduction = Introduction(
            boot: boot, disk: disk ?? DiskID(100 + UInt64(peer)), members: members, isNew: isNew,
            formation: formation, round: Epoch(1), last: LogIndex(9), wantsAnswer: wantsAnswer,
            nonce: nonce)
        take(
            .datagram(
                Message(stamp: Stamp(1), body: .introduction(introduction)), from: NodeID(peer)))
    }

    /// These peers answer the question that was asked last.
    mutating func answerAsNew(_ peers: UInt32...) {
        for peer in peers { hear(peer, isNew: true, formation: nil, nonce: server.nonce) }
    }

    var introductions: [Introduction] {
        effects.compactMap { effect in
            guard case .datagram(let message, _) = effect,
                case .introduction(let introduction) = message.body
            else { return nil }
            return introduction
        }
    }

    var isForming: Bool {
        effects.contains { effect in
            if case .write(.form, _) = effect { true } else { false }
        }
    }
}

struct NonceTests {
    private func wiped() -> Lone {
        let names: [Text] = ["a", "b", "c"]
        return Lone(rank: 2) { found in
            let disks = (0..<3).map { MemberDisk(node: NodeID($0), disk: DiskID(100 + UInt64($0))) }
            found.formation = Formation(
                cluster: ClusterID(members: names, disks: disks), members: names, disks: disks)
            found.isRecovering = true
        }
    }

    @Test func `a recovering server counts only answers to this start's question`() {
        var lone = wiped()
        let formation = lone.server.formation
        let nonce = lone.server.nonce
        lone.hear(0, isNew: false, formation: formation, nonce: nonce &+ 1)
        #expect(lone.server.recovery?.told.count == 0)
        lone.hear(0, isNew: false, formation: formation, nonce: nonce)
        #expect(lone.server.recovery?.told[NodeID(0)] == LogIndex(9))
    }

    @Test func `a peer of version 1 is not counted, since its answer may be an old one`() {
        var lone = wiped()
        lone.hear(0, isNew: false, formation: lone.server.formation, nonce: nil)
        #expect(lone.server.recovery?.told.count == 0)
        // What it says of its round is adopted all the same.
        #expect(lone.server.ballot.round == Epoch(1))
    }

    @Test func `an answer repeats the nonce of its question`() {
        var lone = wiped()
        lone.hear(0, isNew: false, formation: nil, wantsAnswer: true, nonce: 77)
        #expect(lone.introductions.map(\.nonce) == [77])
    }

    @Test func `every start asks with another nonce`() {
        let one = Lone(rank: 0) { _ in }
        let other = Lone(rank: 0) { $0.boot = Boot(5) }
        let wiped = Lone(rank: 0) { $0.disk = DiskID(999) }
        #expect(one.server.nonce != other.server.nonce)
        #expect(one.server.nonce != wiped.server.nonce)
    }

    @Test func `a late introduction of a new server forms no cluster`() {
        var lone = Lone(rank: 0) { _ in }
        lone.hear(1, isNew: true, formation: nil, nonce: 5)
        lone.hear(2, isNew: true, formation: nil, nonce: 5)
        lone.answerAsNew(1, 2)
        #expect(!lone.isForming)
        lone.answerAsNew(1, 2)
        #expect(lone.isForming)
    }

    @Test func `servers that were new at different times form no second cluster`() {
        var lone = Lone(rank: 0) { _ in }
        lone.answerAsNew(1)
        // Meanwhile 1 has joined a cluster, and 2 was removed from it and wiped.
        lone.answerAsNew(2)
        #expect(!lone.isForming)
        lone.answerAsNew(2)
        #expect(!lone.isForming)
        let formed = Formation(cluster: ClusterID(5), members: lone.members, disks: lone.disks)
        lone.hear(1, isNew: false, formation: formed, nonce: lone.server.nonce)
        #expect(lone.server.formation?.cluster == ClusterID(5))
    }

    @Test func `an answer to the first look is none to the second`() {
        var lone = Lone(rank: 0) { _ in }
        let first = lone.server.nonce
        lone.answerAsNew(1, 2)
        #expect(lone.introductions.map(\.nonce) == [lone.server.nonce, lone.server.nonce])
        lone.hear(1, isNew: true, formation: nil, nonce: first)
        lone.hear(2, isNew: true, formation: nil, nonce: first)
        #expect(!lone.isForming)
    }

    @Test func `one that was wiped between two looks is looked at again`() {
        var lone = Lone(rank: 0) { _ in }
        lone.answerAsNew(1, 2)
        lone.hear(1, isNew: true, formation: nil, nonce: lone.server.nonce)
        lone.hear(2, isNew: true, formation: nil, nonce: lone.server.nonce, disk: DiskID(700))
        #expect(!lone.isForming)
        lone.hear(1, isNew: true, formation: nil, nonce: lone.server.nonce)
        lone.hear(2, isNew: true, formation: nil, nonce: lone.server.nonce, disk: DiskID(700))
        #expect(lone.isForming)
    }

    @Test func `one that was wiped after many boots is heard, though its new ones are few`() {
        var lone = Lone(rank: 2) { _ in }
        lone.hear(0, isNew: true, formation: nil, nonce: lone.server.nonce, boot: Boot(56))
        let formed = Formation(cluster: ClusterID(5), members: lone.members, disks: lone.disks)
        lone.hear(
            0, isNew: false, formation: formed, nonce: lone.server.nonce, disk: DiskID(700))
        #expect(lone.server.formation?.cluster == ClusterID(5))
    }

    @Test func `new servers of version 1 are believed, or none could form a cluster with them`() {
        var lone = Lone(rank: 0) { _ in }
        for _ in 0..<2 {
            lone.hear(1, isNew: true, formation: nil, nonce: nil)
            lone.answerAsNew(2)
        }
        #expect(lone.isForming)
    }

    @Test func `a new server that is asked first asks back`() {
        var lone = Lone(rank: 0) { _ in }
        lone.hear(1, isNew: true, formation: nil, wantsAnswer: true, nonce: 5)
        #expect(lone.introductions.map(\.nonce) == [5, lone.server.nonce])
        lone.hear(1, isNew: true, formation: nil, nonce: lone.server.nonce)
        lone.hear(1, isNew: true, formation: nil, wantsAnswer: true, nonce: 5)
        #expect(lone.introductions.map(\.nonce) == [5])
    }
}
