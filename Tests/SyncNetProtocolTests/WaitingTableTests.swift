import StateMachine
import Testing

@testable import SyncNetProtocol

@Suite struct WaitingTableTests {
    private static func waiting(_ request: UInt64) -> Waiting {
        let command = Command(
            sender: "ada", request: SessionRequest(session: "s", number: request), createdAt: 1,
            action: .chat(room: "lobby", text: "x"))
        return Waiting(
            owner: .client(StreamID(1), request: request, after: nil),
            request: .command(command, stamp: Stamp(1)), state: .unsent, since: .zero)
    }

    @Test func `a number of one start is never that of another one`() {
        var former = WaitingTable(disk: DiskID(7), boot: Boot(1))
        var latter = WaitingTable(disk: DiskID(7), boot: Boot(2))
        let old = (1...100).map { former.add(Self.waiting($0)) }
        let new = (1...100).map { latter.add(Self.waiting($0)) }
        #expect(old.allSatisfy { latter[$0] == nil })
        #expect(new.allSatisfy { former[$0] == nil })
    }

    @Test(arguments: [1, 2, 1 << 21, 1 << 32, 1 << 63] as [UInt64])
    func `nor where the disk is another one, whichever of its bits tell so`(bit: UInt64) {
        var former = WaitingTable(disk: DiskID(7), boot: Boot(1))
        var latter = WaitingTable(disk: DiskID(7 ^ bit), boot: Boot(1))
        let old = (1...100).map { former.add(Self.waiting($0)) }
        #expect(old.allSatisfy { latter[$0] == nil })
        #expect(latter.add(Self.waiting(1)) < 1 << 53)
    }

    @Test func `only what is placed keeps its place`() {
        var table = WaitingTable()
        let ids = (1...3).map { table.add(Self.waiting($0)) }
        for id in ids { table.set(.placed(LogIndex(id), Epoch(1)), of: id) }
        table.set(.unsent, of: ids[0])
        table.remove(ids[1])
        table.forgetPlaces()
        #expect(table.placed.map(\.id) == [ids[2]])
    }
}
