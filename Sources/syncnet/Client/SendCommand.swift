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

    @Option(help: "How many seconds to wait for the acknowledgement, once a server was found.")
    var within = Seconds(30)

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !text.isEmpty else {
            throw ValidationError("There is nothing to say: <text> is empty.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let client = try await connection.connect()
        let trouble = Trouble()
        let watch = Task {
            for await event in client.events { await trouble.note(event) }
        }
        let deadline = Task { [within] in
            try await Task.sleep(for: within.duration)
            await client.close()
        }
        defer {
            watch.cancel()
            deadline.cancel()
        }
        var isSaid = false
        do throws(ChatError) {
            try await client.join(room)
            isSaid = true
            let index = try await client.say(text, in: room)
            Terminal.print("\(index)")
        } catch {
            await client.close()
            if error == .closed { throw await trouble.failure(after: within, isSaid: isSaid) }
            if error == .replaced, isSaid {
                throw Failure("\(error.description); nobody knows whether it was said")
            }
            throw Failure(error, of: text, limits: try connection.plan().limits)
        }
        await client.close()
    }
}

/// What stands in the way of an acknowledgement.
private actor Trouble {
    private var isLed = true
    private var isConnected = true

    func note(_ event: ChatEvent) {
        switch event {
        case .connected: isConnected = true
        case .disconnected: isConnected = false
        case .leaderless: isLed = false
        case .led: isLed = true
        case .lockedOut, .excluded, .replaced: break
        }
    }

    func failure(after limit: Seconds, isSaid: Bool) -> Failure {
        let reason =
            isLed
            ? isConnected ? "the servers acknowledge nothing" : "no server answers"
            : "the servers have no leader, see \"syncnet status\""
        guard isSaid else {
            return Failure("not said: no answer within \(limit.words) s (\(reason))")
        }
        return Failure(
            "not acknowledged within \(limit.words) s (\(reason)): nobody knows whether it was said"
        )
    }
}
