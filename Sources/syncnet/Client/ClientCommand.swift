import ArgumentParser
import Foundation
import SyncNetClient
import SyncNetProtocol

/// Chats.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Chat: /join ROOM, then type; /help lists the rest.",
        discussion: """
            Where standard input is no terminal, every line of it is taken as typed; at its end \
            the client waits until all is acknowledged. The exit code is 0 only if nothing was \
            refused. Servers with certificates want --tls-authority FILE, or --config.
            """)

    @Flag(help: "For programs: print one JSON object per line, and take such as well.")
    var json = false

    @OptionGroup var memory: StateOptions

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let isPerson = RawTerminal.isThere && !json
        let client = try await connection.connect(waitsForPassword: isPerson)
        let (memory, trouble) = try await remember(client, isPerson: isPerson)
        let isWell =
            isPerson
            ? try await chat(client, memory, trouble) : await converse(client, memory, trouble)
        await client.close()
        if !isWell { throw ExitCode(1) }
    }

    /// What is kept for this name in this cluster, or why nothing is.
    private func remember(
        _ client: ChatClient, isPerson: Bool
    ) async throws -> (MemoryFile?, String?) {
        guard let directory = memory.directory(isInteractive: isPerson) else { return (nil, nil) }
        let servers = try await client.servers().map { "\($0.host.string):\($0.port)" }
        do {
            let file = try MemoryFile.open(
                in: directory, name: try connection.chosenName(), servers: servers,
                cluster: await client.cluster())
            return (file, file.trouble)
        } catch let failure as Failure {
            // Who named the directory wants it; who did not wants to chat.
            if memory.state != nil {
                throw Failure("\(failure); choose another --state, or --no-state")
            }
            return (nil, "\(failure): this one does not remember them")
        }
    }

    private var limits: Limits { (try? connection.plan().limits) ?? Limits() }

    /// Where the servers have become another cluster, the person goes on in that one.
    private func chat(
        _ client: ChatClient, _ memory: MemoryFile?, _ trouble: String?
    ) async throws -> Bool {
        let terminal = RawTerminal()
        let place = memory?.former.place
        var ending = await chat(client, memory, at: terminal, from: place, trouble)
        var isWell = ending.isWell
        while let place = ending.replaced {
            let next = try await connection.connect(waitsForPassword: true)
            memory?.note(await next.cluster())
            ending = await chat(next, memory, at: terminal, from: place, nil)
            isWell = isWell && ending.isWell
            await next.close()
        }
        return isWell
    }

    private func chat(
        _ client: ChatClient, _ memory: MemoryFile?, at terminal: RawTerminal,
        from place: Place?, _ trouble: String?
    ) async -> ChatEnding {
        let typed = self.memory.directory(isInteractive: true).flatMap {
            try? InputHistoryFile(in: $0)
        }
        let chat = TerminalChat(
            client: client, name: (try? connection.chosenName()) ?? "", terminal: terminal,
            memory: memory, typed: typed, former: place, limits: limits)
        let signals = Signals.onStop { number in
            Task { await chat.insist() }
            leave(with: number) { terminal.leave() }
        }
        defer { withExtendedLifetime(signals) {} }
        return await chat.run(trouble)
    }

    private func converse(
        _ client: ChatClient, _ memory: MemoryFile?, _ trouble: String?
    ) async -> Bool {
        let screen = Screen(isJSON: json, memory: memory)
        let conversation = Conversation(
            client: client, screen: screen, former: memory?.former, limits: limits)
        let patience = connection.patience.duration
        let (lines, source) = AsyncStream.makeStream(of: String.self)
        Thread {
            InputLines.forEach { source.yield($0) }
            source.finish()
            Task { await conversation.giveUp(after: patience) }
        }.start()
        let signals = Signals.onStop { number in
            source.finish()
            leave(with: number) {}
        }
        defer { withExtendedLifetime(signals) {} }
        if let trouble { screen.tell(.refused(trouble)) }
        return await conversation.run(lines)
    }

    /// Whoever wants to go does not wait for an answer that may never come.
    private func leave(with number: Int32, after tidying: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) {
            tidying()
            Foundation.exit(128 + number)
        }
    }
}
