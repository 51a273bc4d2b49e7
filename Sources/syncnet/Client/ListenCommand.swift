import ArgumentParser
import Foundation
import NIOCore
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime

/// Follows rooms by multicast.
struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print what is said in rooms, as the servers multicast it.",
        discussion: """
            Takes each message from whichever server it comes first. What was lost on the way is \
            fetched from a server: nothing is missing, nothing comes twice. Private rooms are not \
            multicast. Servers with certificates want --tls-authority FILE, or --config.
            """)

    @Argument(help: "The rooms; all of which something is heard by default.")
    var rooms: [String] = []

    @Flag(help: "Print one JSON object per message and line.")
    var json = false

    @Option(help: "Begin after this index of the rooms; from now on by default.")
    var after: UInt64?

    @Option(
        help: """
            The address of the interface on which the group is heard; by default the one by which \
            the servers are reached.
            """)
    var interface: String?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard after == nil || !rooms.isEmpty else {
            throw ValidationError("--after needs the rooms that are meant.")
        }
    }

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let client = try await connection.connect()
        let listener = try await listen(with: client)
        let signals = Signals.onStop { _ in Task { await listener.close() } }
        Signals.onLostReader { Task { await listener.close() } }
        // Where the rooms go on in another cluster has nothing to do with where they were.
        let replaced = Task {
            for await event in client.events where event == .replaced {
                await listener.close()
                return true
            }
            return false
        }
        for await message in listener.messages {
            Terminal.print(json ? Self.report(message) : Self.line(message))
            if Terminal.hasLostOutput { break }
        }
        withExtendedLifetime(signals) {}
        await client.close()
        if await replaced.value { throw Failure(ChatError.replaced) }
    }

    private static func report(_ message: ChatMessage) -> String {
        JSONLine.text(of: NewsReport("message", message: message))
    }

    private static func line(_ message: ChatMessage) -> String {
        let isColourful = Terminal.isColourful
        let time = Colour.grey.paint(LocalTime(message.createdAt).text, if: isColourful)
        return "\(time) \(MessageLine.text(of: message, isColourful: isColourful))"
    }

    private func listen(with client: ChatClient) async throws -> GroupListener {
        do {
            let ports = try await client.servers().map { Int($0.port) + GroupListener.portOffset }
                .filter { $0 <= Int(UInt16.max) }
            return try await GroupListener.listen(
                with: client, to: rooms, after: after, ports: Array(Set(ports)).sorted(),
                group: try connection.plan().network.multicastGroup,
                interface: interface)
        } catch let error as ChatError {
            await client.close()
            throw Failure(error)
        } catch {
            await client.close()
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
            throw Failure(
                "can't listen to the multicast group on "
                    + "\(interface ?? "the interface of the servers"): \(reason ?? "\(error)"); "
                    + "--interface takes the address of one that this machine has")
        }
    }
}
