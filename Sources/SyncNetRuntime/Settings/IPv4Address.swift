/// An address of the internet protocol, version 4.
package struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// Its four bytes, the first one highest.
    package var bits: UInt32

    /// Makes the address of a dotted quad, or of `localhost`, which is 127.0.0.1.
    ///
    /// Names are not looked up: what a configuration means must not depend on who answers.
    package init?(_ host: String) {
        if host == "localhost" {
            bits = 0x7F00_0001
            return
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(Self.isDigit),
                let byte = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        self.bits = bits
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Whether only programs of this machine reach it.
    package var isLoopback: Bool { bits >> 24 == 127 }

    /// Whether one machine can have it: it is no group, no broadcast and not "any".
    package var isOfOneMachine: Bool { (1...0xDF).contains(bits >> 24) }

    /// Whether it names a group.
    package var isMulticast: Bool { bits >> 28 == 0xE }

    /// The dotted quad.
    package var description: String {
        [24, 16, 8, 0].map { String(bits >> $0 & 0xFF) }.joined(separator: ".")
    }
}
