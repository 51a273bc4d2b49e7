import SyncNetClient

/// Says again what follows "!echo " in a room: `echo-bot ROOM [HOST:PORT…]`.
@main
struct EchoBot {
    static let name = "echo"
    static let order = "!echo "

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let servers = arguments.dropFirst().compactMap { ChatAddress($0) }
        let bot = try await ChatClient.connect(
            to: servers.isEmpty ? ChatAddress.defaultCluster : servers, name: name)
        try await bot.join(arguments.first ?? "lobby")
        for await message in bot.messages {
            guard message.sender != name, message.text.hasPrefix(order) else { continue }
            do {
                try await bot.say(
                    String(message.text.dropFirst(order.count)), in: message.room)
            } catch {
                print(error)  // refused, for one; the bot goes on
            }
        }
    }
}
