import SyncNetClient

/// A message for people.
enum MessageLine {
    /// Who said what. Nothing in it can steer the terminal.
    static func text(of message: ChatMessage) -> String {
        "\(Terminal.harmless(message.sender)): \(Terminal.harmless(message.text))"
    }

    /// The same with its room, in colour where that is wanted.
    static func text(of message: ChatMessage, isColourful: Bool) -> String {
        let room = Colour.grey.paint("[\(Terminal.harmless(message.room))]", if: isColourful)
        let sender = Colour.cyan.paint("\(Terminal.harmless(message.sender)):", if: isColourful)
        return "\(room) \(sender) \(Terminal.harmless(message.text))"
    }
}
