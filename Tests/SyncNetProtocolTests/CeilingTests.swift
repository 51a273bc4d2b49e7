import StateMachine
import Testing

@testable import SyncNetProtocol

struct CeilingTests {
    /// Two servers' worth of a cluster: the disk of one of them has stopped to answer.
    @Test func `with its disk hung for days a server falls silent before its stamps run out`() {
        var limits = Limits()
        limits.waiting = 256
        limits.stampBlock = 1_000
        let members = (0..<3).map { Member(id: Text("s\($0)"), host: "localhost", port: 1) }
        var server = Server(
            ServerConfiguration(me: NodeID(0), members: members, limits: limits))
        var found = Recovered(disk: DiskID(1), boot: Boot(1))
        let disks = (0..<3).map { MemberDisk(node: NodeID($0), disk: DiskID(1 + UInt64($0))) }
        let names = members.map(\.id)
        found.formation = Formation(
            cluster: ClusterID(members: names, disks: disks), members: names, disks: disks)
        var effects = Effects<SyncNet>()
        var seconds: UInt64 = 1
        var sent = 0
        func now() -> ClockReading {
            ClockReading(
                monotonic: Instant(nanoseconds: seconds * 1_000_000_000),
                wall: WallTime(microseconds: 0))
        }
        server.handle(.started(.server(found)), now: now(), into: &effects)
        server.handle(.written(Ticket(1)), now: now(), into: &effects)
        server.handle(.accepted(StreamID(9), from: NodeID(2_000)), now: now(), into: &effects)
        for round in 0..<20_000 {
            effects.removeAll()
            seconds += 2
            let request = ClientRequest(
                sender: "a", createdAt: 1, session: nil, request: UInt64(round),
                body: .chat(room: "r", text: "x"))
            for _ in 0..<4 {
                server.handle(
                    .message(Message(stamp: Stamp(1), body: .request(request)), on: StreamID(9)),
                    now: now(), into: &effects)
            }
            server.handle(.timer(.heartbeat), now: now(), into: &effects)
            server.handle(.timer(.sweep), now: now(), into: &effects)
            server.handle(.timer(.tokenRetry), now: now(), into: &effects)
            sent = effects.list.count { effect in
                if case .datagram = effect { true } else { false }
            }
            let rearmed = effects.list.contains(
                .arm(.heartbeat, within: Timing.guide.heartbeat...Timing.guide.heartbeat))
            #expect(rearmed)
        }
        #expect(sent == 0)
        #expect(server.clock.value <= server.writes.ceiling)
        // It goes on as soon as the disk answers.
        effects.removeAll()
        server.handle(.written(Ticket(.max)), now: now(), into: &effects)
        server.handle(.timer(.heartbeat), now: now(), into: &effects)
        #expect(effects.list.contains { if case .datagram = $0 { true } else { false } })
    }
}
