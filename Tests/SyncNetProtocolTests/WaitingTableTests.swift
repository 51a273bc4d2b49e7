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
}
