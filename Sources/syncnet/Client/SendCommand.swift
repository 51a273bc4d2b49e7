import ArgumentParser
import SyncNetClient

/// Says one thing in a room.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Say something in a room; exit code 0 only once it can't be lost any more.")

    @Argument(help: "The room; made where there is none.")
    var room: String

    @Argument(help: "What to say.")
    var text: String

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !text.isEmpty else {
            throw ValidationError("There is nothing to say: <text> is empty.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let client = try await connection.connect()
        do throws(ChatError) {
            try await client.join(room)
            let index = try await client.say(text, in: room)
            Terminal.print("\(index)")
        } catch {
            await client.close()
            throw Failure(error, of: text, limits: try connection.plan().limits)
        }
        await client.close()
    }
}
