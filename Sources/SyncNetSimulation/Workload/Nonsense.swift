import SyncNetProtocol

/// Lines that no server can make sense of, or only just: what programs send that were written
/// in an afternoon.
enum Nonsense {
    /// A line without its end; another one for each number.
    static func line(_ number: UInt64) -> Text {
        // The longest costs its connection, and time: once in a while.
        if number % 24 == 23 {
            return Text(utf8: Array(repeating: UInt8(ascii: "x"), count: Limits.lineBytesMax + 1))
        }
        return lines[Int(number % UInt64(lines.count))]
    }

    private static let lines: [Text] = [
        "{\"msg_type\": \"chat\"",
        Text(utf8: [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D]),
        "[]",
        Text(
            "{\"msg_type\": \"chat\", \"sender_id\": \"nobody\", "
                + "\"data\": {\"request\": 900719925474}}"),
        "{\"msg_type\": \"dance\", \"sender_id\": \"nobody\", \"data\": {}}",
        discovery(stamp: "9007199254740993"),
        discovery(stamp: "9007199254740992"),
        discovery(stamp: "-1"),
        // Escapes for what needs none, and a pair of surrogates.
        Text(
            "{\"msg_type\": \"history\", \"sender_id\": \"n\\u00f6body \\ud83d\\ude00\", "
                + "\"data\": {\"room\": \"room \\u0030\", \"limit\": 1}}"),
        Text(
            "{\"msg_type\": \"leave\", \"sender_id\": \"nobody\", "
                + "\"data\": {\"room\": \"room 0\", \"session\": \"s\", \"request\": 0}}"),
        "",
    ]

    private static func discovery(stamp: StaticString) -> Text {
        Text(
            "{\"msg_type\": \"client_discovery\", \"sender_id\": \"nobody\", "
                + "\"data\": {}, \"lamport_timestamp\": \(stamp)}")
    }
}
