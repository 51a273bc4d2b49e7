import ArgumentParser
import SyncNetClient

/// Prints messages in which words stand.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Print the last messages in which all of these words stand, oldest first.",
        discussion: """
            Looks in all rooms of which --name is a member. Case and accents don't matter; a \
            star at a word's end stands for any end.
            """)

    @Argument(help: "The words.")
    var words: [String]

    @Option(help: "Only in this room.")
    var room: String?

    @Flag(help: "Print one JSON object per message and line.")
    var json = false

    @Option(help: "How many messages; 1000 at most.")
    var limit = 100

    @Option(help: "The last messages before this index.")
    var before: UInt64?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (1...1_000).contains(limit) else {
            throw ValidationError("--limit has to be from 1 to 1000.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let client = try await connection.connect()
        do throws(ChatError) {
            let page = try await client.search(
                words.joined(separator: " "), in: room, before: before, limit: limit)
            page.messages.forEach(show)
        } catch {
            await client.close()
            throw Failure(error)
        }
        await client.close()
    }

    private func show(_ message: ChatMessage) {
        Terminal.print(
            json
                ? JSONLine.text(of: MessageReport(message))
                : "\(message.index)  [\(Terminal.harmless(message.room))] "
                    + MessageLine.text(of: message))
    }
}
