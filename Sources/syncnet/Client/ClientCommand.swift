import ArgumentParser
import Foundation
import SyncNetClient

/// Chats.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Chat: /join ROOM, then type; /help lists the rest.",
        discussion: """
            Where standard input is no terminal, every line of it is taken as typed; at its end \
            the client waits until all is acknowledged. The exit code is 0 only if nothing was \
            refused.
            """)

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let screen = Screen()
        let client = try await connection.connect()
        let conversation = Conversation(client: client, screen: screen)
        let patience = Duration.seconds(connection.patience)
        let (lines, source) = AsyncStream.makeStream(of: String.self)
        Thread {
            while let line = readLine() { source.yield(line) }
            source.finish()
            Task { await conversation.giveUp(after: patience) }
        }.start()
        let signals = Signals.onStop { number in
            source.finish()
            // Whoever wants to go does not wait for an answer that may never come.
            DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
                Foundation.exit(128 + number)
            }
        }
        defer { withExtendedLifetime(signals) {} }
        let isWell = await conversation.run(lines)
        await client.close()
        if !isWell { throw ExitCode(1) }
    }
}
