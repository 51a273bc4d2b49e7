import ArgumentParser
import Foundation
import SyncNetClient
import SyncNetProtocol
import Synchronization

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
        let password = try connection.chosenPassword()
        let client = try await connection.connect(with: password, waitsForPassword: isPerson)
        let (memory, trouble) = try await remember(client, isPerson: isPerson)
        let isWell =
            isPerson
            ? try await chat(client, password, memory, trouble)
            : await converse(client, memory, trouble)
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
        _ client: ChatClient, _ password: String?, _ memory: MemoryFile?, _ trouble: String?
    ) async throws -> Bool {
        let terminal = RawTerminal()
        let present = Mutex<TerminalChat?>(nil)
        let signals = Signals.onStop { number in
            let chat = present.withLock(\.self)
            Task { await chat?.insist() }
            leave(with: number) { terminal.leave() }
        }
        defer {
            terminal.leave()
            withExtendedLifetime(signals) {}
        }
        var (client, trouble) = (client, trouble)
        var seat = Seat(place: memory?.former.place, password: password)
        var isWell = true
        while true {
            let chat = terminalChat(client, memory, at: terminal, seat)
            present.withLock { $0 = chat }
            let ending = await chat.run(trouble)
            isWell = isWell && ending.isWell
            guard let next = ending.replaced else {
                await client.close()
                return isWell
            }
            let known = await client.knownServers()
            await client.close()
            seat = next
            (client, trouble) = try await connectAnew(&seat, to: known)
            memory?.note(await client.cluster())
        }
    }

    /// The other cluster may have another password, or no such account.
    private func connectAnew(
        _ seat: inout Seat, to known: [ChatAddress]
    ) async throws -> (ChatClient, String?) {
        do {
            let client = try await connection.connect(
                with: seat.password, to: known, waitsForPassword: true)
            return (client, nil)
        } catch let failure as Failure where seat.password != nil && failure.isBadLogin {
            seat.password = nil
            let client = try await connection.connect(
                with: nil, to: known, waitsForPassword: true)
            return (client, "\(failure); goes on without an account: /login tries again")
        }
    }

    private func terminalChat(
        _ client: ChatClient, _ memory: MemoryFile?, at terminal: RawTerminal, _ seat: Seat
    ) -> TerminalChat {
        let typed = self.memory.directory(isInteractive: true).flatMap {
            try? InputHistoryFile(in: $0)
        }
        return TerminalChat(
            client: client, name: (try? connection.chosenName()) ?? "", terminal: terminal,
            memory: memory, typed: typed, seat: seat, limits: limits)
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
