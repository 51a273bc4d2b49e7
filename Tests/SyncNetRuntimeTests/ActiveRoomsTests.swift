import SyncNetProtocol
import SyncNetRuntime
import Testing

struct ActiveRoomsTests {
    @Test func `a room's latest index is told with every heartbeat, as long as it is active`() {
        var rooms = ActiveRooms()
        rooms.said(in: "den", at: LogIndex(3))
        rooms.said(in: "den", at: LogIndex(5))
        for _ in 1...ActiveRooms.beatsMax {
            let told = rooms.beat()
            #expect(told.map(\.room) == ["den"])
            #expect(told.map(\.index) == [LogIndex(5)])
        }
        #expect(rooms.beat().isEmpty)
    }

    @Test func `of many rooms those are told that were used last`() {
        var rooms = ActiveRooms()
        let count = ActiveRooms.roomsMax + 3
        for number in 0..<count { rooms.said(in: Text("r\(number)"), at: LogIndex(UInt64(number))) }
        let told = rooms.beat()
        #expect(told.count == ActiveRooms.roomsMax)
        #expect(told.first?.room == "r3")
    }
}
