import ArgumentParser
import SyncNetClient

/// Prints messages of a room.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Print messages of a room, oldest first.")

    @Argument(help: "The room.")
    var room: String

    @Flag(help: "Print one JSON object per message and line.")
    var json = false

    @Option(help: "How many messages; 1000 at most.")
    var limit = 100

    @Option(help: "The first messages after this index.")
    var after: UInt64?

    @Option(help: "The last messages before this index.")
    var before: UInt64?

    @Flag(help: "All messages, from the first one on (or from --after on).")
    var all = false

    @Flag(help: "Show at least everything that anybody was acknowledged before.")
    var linearizable = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (1...1_000).contains(limit) else {
            throw ValidationError("--limit has to be from 1 to 1000; --all prints all.")
        }
        guard before == nil || (after == nil && !all) else {
            throw ValidationError("--before goes with neither --after nor --all.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let client = try await connection.connect()
        do throws(ChatError) {
            if all { try await printAll(from: client) } else { try await printPage(from: client) }
        } catch {
            await client.close()
            throw Failure(error)
        }
        await client.close()
    }

    private func printPage(from client: ChatClient) async throws(ChatError) {
        let range =
            after.map(ChatRange.after) ?? before.map(ChatRange.before) ?? ChatRange.latest
        let page = try await client.history(
            of: room, range, limit: limit, isLinearizable: linearizable)
        page.messages.forEach(show)
    }

    private func printAll(from client: ChatClient) async throws(ChatError) {
        var last = after ?? 0
        while true {
            let page = try await client.history(
                of: room, .after(last), limit: 1_000, isLinearizable: linearizable)
            page.messages.forEach(show)
            guard page.hasMore, let newest = page.messages.last else { return }
            last = newest.index
        }
    }

    private func show(_ message: ChatMessage) {
        Terminal.print(
            json
                ? JSONLine.text(of: MessageReport(message))
                : "\(message.index)  \(MessageLine.text(of: message))")
    }
}
