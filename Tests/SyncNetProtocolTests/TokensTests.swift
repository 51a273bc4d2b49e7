import StateMachine
import SyncNetProtocol
import Testing

@Suite struct `Tokens that were seen` {
    private let origin = NodeID(3)

    private func serial(_ disk: UInt64, boot: UInt64 = 1, _ count: UInt64) -> TokenSerial {
        TokenSerial(disk: DiskID(disk), boot: Boot(boot), count: count)
    }

    @Test func `are each new once, and older ones of the disk are not`() {
        var tokens = Tokens()
        for (serial, isNew) in [
            (serial(7, 1), true), (serial(7, 1), false), (serial(7, 3), true),
            (serial(7, 2), false), (serial(7, boot: 2, 1), true), (serial(7, 4), false),
        ] {
            #expect(tokens.isNew(.first, origin: origin, serial: serial) == isNew)
        }
        #expect(tokens.isNew(.second, origin: origin, serial: serial(7, 1)))
        #expect(tokens.isNew(.first, origin: NodeID(4), serial: serial(7, 1)))
    }

    /// It had served the origin for many boots, and its last token was under way for long.
    @Test func `of a former disk don't hide those of the next`() {
        var tokens = Tokens()
        #expect(tokens.isNew(.first, origin: origin, serial: serial(8, 1)))
        #expect(tokens.isNew(.first, origin: origin, serial: serial(7, boot: 40, 200)))
        #expect(tokens.isNew(.first, origin: origin, serial: serial(8, 2)))
        #expect(!tokens.isNew(.first, origin: origin, serial: serial(7, boot: 40, 199)))
        #expect(!tokens.isNew(.first, origin: origin, serial: serial(8, 1)))
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
