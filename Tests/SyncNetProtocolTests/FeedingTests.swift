import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct FeedingTests {
    private static func epochs(_ range: ClosedRange<UInt64>) -> [Entry] {
        range.map {
            Entry(
                index: LogIndex($0), epoch: Epoch(1), stamp: Stamp($0),
                payload: .epochStarted(by: NodeID(0)))
        }
    }

    /// A follower that restarted with 10 applied entries of 12.
    private static func restarted() -> Server {
        let members = (0..<3).map {
            Member(id: Text("server\($0 + 1)"), host: "localhost", port: UInt16(8_000 + $0))
        }
        var server = Server(ServerConfiguration(me: NodeID(1), members: members))
        var effects = Effects<SyncNet>()
        let disks = (0..<3).map { MemberDisk(node: NodeID($0), disk: DiskID(UInt64(100 + $0))) }
        var found = Recovered(disk: DiskID(101), boot: Boot(2))
        found.formation = Formation(
            cluster: ClusterID(members: members.map(\.id), disks: disks),
            members: members.map(\.id), disks: disks)
        found.ballot = Ballot(round: Epoch(1), vote: nil)
        found.runs = [EpochRun(first: LogIndex(1), epoch: Epoch(1))]
        found.last = LogIndex(12)
        found.applied = LogIndex(10)
        found.tail = epochs(11...12)
        take(.started(.server(found)), server: &server, &effects)
        for effect in effects.list {
            if case .write(_, let ticket) = effect {
                take(.written(ticket), server: &server, &effects)
                break
            }
        }
        return server
    }

    private static func take(
        _ event: Event<SyncNet>, server: inout Server, _ effects: inout Effects<SyncNet>
    ) {
        let now = ClockReading(
            monotonic: Instant(nanoseconds: 1_000_000_000), wall: WallTime(microseconds: 1))
        server.handle(event, now: now, into: &effects)
    }

    @Test func `a fed peer gets what is committed of a page that holds more`() {
        var server = Self.restarted()
        var effects = Effects<SyncNet>()
        server.follow(NodeID(0), Epoch(1), via: NodeID(0), into: &effects)
        Self.take(.opened(StreamID(9), to: NodeID(2)), server: &server, &effects)
        server.feed(NodeID(2), into: &effects)
        server.fed[NodeID(2)]?.progress.next = LogIndex(5)
        server.fed[NodeID(2)]?.progress.isFetching = true
        effects = Effects<SyncNet>()
        server.fetched(Self.epochs(5...12), for: NodeID(2), into: &effects)
        let sent = effects.list.compactMap { effect -> [UInt64]? in
            guard case .send(let message, _) = effect, case .append(let append) = message.body
            else { return nil }
            return append.entries.map(\.index.number)
        }
        #expect(sent.first == [5, 6, 7, 8, 9, 10])
    }

    private static func answer(_ result: AppendResult, server: inout Server) -> [Append] {
        var effects = Effects<SyncNet>()
        server.received(
            AppendAnswer(epoch: Epoch(2), disk: DiskID(102), result: result, echo: .zero),
            from: NodeID(2), into: &effects)
        return effects.list.compactMap { effect in
            guard case .send(let message, _) = effect, case .append(let append) = message.body
            else { return nil }
            return append
        }
    }

    /// Seed 5003841 of the swarm: the feeder's tail was cut, and with it what it took for the end
    /// of the peer's log; the next that it fed ended the process.
    @Test func `a fed peer that is ahead is asked for no more than what is committed`() {
        var server = Self.restarted()
        var effects = Effects<SyncNet>()
        server.follow(NodeID(0), Epoch(2), via: NodeID(0), into: &effects)
        Self.take(.opened(StreamID(9), to: NodeID(2)), server: &server, &effects)
        server.feed(NodeID(2), into: &effects)
        #expect(Self.answer(.matches(LogIndex(12)), server: &server).isEmpty)
        #expect(server.fed[NodeID(2)]?.progress.match == LogIndex(10))
        let asked = Self.answer(.tryFrom(LogIndex(30)), server: &server)
        #expect(asked.map(\.previousIndex.number) == [10])
        server.log.cut(from: LogIndex(11), keepsDurable: false)
        server.fed[NodeID(2)]?.progress.needsProbe = true
        effects = Effects<SyncNet>()
        server.feedMore(NodeID(2), into: &effects)
        #expect(!effects.list.isEmpty)
    }

    @Test func `nothing is applied for which there are no stamps`() {
        var server = Self.restarted()
        var effects = Effects<SyncNet>()
        server.follow(NodeID(0), Epoch(1), via: NodeID(0), into: &effects)
        let ceiling = server.writes.ceiling.number
        server.clock = LamportClock(Stamp(ceiling - 10))
        server.moveCommit(to: LogIndex(12), into: &effects)
        effects = Effects<SyncNet>()
        Self.take(.timer(.sweep), server: &server, &effects)
        #expect(server.applied == LogIndex(10))
        let raised = effects.list.compactMap { effect -> Ticket? in
            if case .write(.ceiling, let ticket) = effect { ticket } else { nil }
        }
        #expect(raised.count == 1)
        for ticket in raised { Self.take(.written(ticket), server: &server, &effects) }
        #expect(server.applied == LogIndex(12))
    }
}
