import SyncNetClient

/// A message for programs.
struct MessageReport: Encodable {
    var room: String
    var index: UInt64
    var stamp: UInt64
    var sender: String
    var createdAt: Double
    var text: String

    init(_ message: ChatMessage) {
        room = message.room
        index = message.index
        stamp = message.stamp
        sender = message.sender
        createdAt = message.createdAt
        text = message.text
    }
}
