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
        let (lines, source) = AsyncStream.makeStream(of: String.self)
        Thread {
            while let line = readLine() { source.yield(line) }
            source.finish()
        }.start()
        let signals = Signals.onStop { _ in source.finish() }
        defer { withExtendedLifetime(signals) {} }
        let conversation = Conversation(
            client: client, name: try connection.chosenName(), screen: screen)
        let isWell = await conversation.run(lines)
        await client.close()
        if !isWell { throw ExitCode(1) }
    }
}
