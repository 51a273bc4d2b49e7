package import SyncNetProtocol

/// Texts as nobody types them, and as programs send them.
package enum OddText: Int, CaseIterable, Sendable {
    case empty, largest, tooLarge, escapes, controls, combining, direction, beyondTheBasicPlane
    case separators, noncharacter, envelope, leader

    /// The text, made unlike all others by a mark. Nil: an empty one has no mark.
    package func text(_ mark: String, _ limits: Limits) -> Text {
        switch self {
        case .empty: ""
        case .largest: Self.filled(mark, to: limits.textBytes)
        case .tooLarge: Self.filled(mark, to: limits.textBytes + 1)
        case .escapes: Text("\"\\/\u{8}\u{C}\n\r\t\\u0041 \(mark)")
        case .controls: Text("\u{0}\u{1}\u{1F}\u{7F}\u{80}\(mark)\u{0}")
        case .combining: Text("e\u{301}\u{E9}\u{300}\u{300}\u{300} \(mark)")
        case .direction: Text("\u{202E}\(mark)\u{202C}\u{200F}\u{FEFF}")
        case .beyondTheBasicPlane: Text("\u{1F469}\u{200D}\u{1F680}\u{10FFFF}\u{10000}\(mark)")
        case .separators: Text("\u{2028}\u{2029}\u{85}\(mark)\r")
        case .noncharacter: Text("\u{FFFE}\u{FFFF}\u{FFFD}\u{E000}\(mark)")
        case .envelope: Text("{\"msg_type\":\"ack\",\"data\":{\"request\":1}}\n\(mark)")
        case .leader: Text("leader LEADER \(mark)")
        }
    }

    /// A third of it takes six bytes for one on the wire, but never more than a line holds.
    private static func filled(_ mark: String, to count: Int) -> Text {
        var bytes = Array(mark.utf8)
        while bytes.count < count { bytes.append(bytes.count % 3 == 0 ? 0x22 : 0x78) }
        return Text(utf8: bytes)
    }
}
