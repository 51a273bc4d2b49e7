import StateMachine
import SyncNetProtocol
import Testing

@Suite struct `Tokens that were seen` {
    private let origin = NodeID(3)

    private func serial(_ disk: UInt64, boot: UInt64 = 1, _ count: UInt64) -> TokenSerial {
        TokenSerial(disk: DiskID(disk), boot: Boot(boot), count: count)
    }

    /// Which of them are new, seen one after the other.
    private func news(_ serials: [TokenSerial]) -> [Bool] {
        var tokens = Tokens()
        return serials.map { tokens.isNew(.first, origin: origin, serial: $0) }
    }

    @Test func `are each new once, and older ones of the disk are not`() {
        let serials = [
            serial(7, 1), serial(7, 1), serial(7, 3), serial(7, 2), serial(7, boot: 2, 1),
            serial(7, 4),
        ]
        #expect(news(serials) == [true, false, true, false, true, false])
    }

    @Test func `are told apart by lap and by origin`() {
        var tokens = Tokens()
        var news: [Bool] = []
        for _ in 1...2 {
            news.append(tokens.isNew(.first, origin: origin, serial: serial(7, 1)))
            news.append(tokens.isNew(.second, origin: origin, serial: serial(7, 1)))
            news.append(tokens.isNew(.first, origin: NodeID(4), serial: serial(7, 1)))
        }
        #expect(news == [true, true, true, false, false, false])
    }

    /// It had served the origin for many boots, and its last token was under way for long.
    @Test func `of a former disk don't hide those of the next`() {
        let serials = [
            serial(8, 1), serial(7, boot: 40, 200), serial(8, 2), serial(7, boot: 40, 199),
            serial(8, 1),
        ]
        #expect(news(serials) == [true, true, true, false, false])
    }

    @Test func `say of which start they are`() {
        let disk = DiskID(UInt64.max - 5)
        let serial = TokenSerial(disk: disk, boot: Boot(2), count: 9)
        #expect(serial.number <= UInt64(Int64.max))
        #expect(serial.isFrom(disk, Boot(2)))
        #expect(!serial.isFrom(disk, Boot(3)))
        #expect(!serial.isFrom(DiskID(6), Boot(2)))
    }
}
