import ArgumentParser
import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetStorage

/// The storage of one server alone, without any server.
struct TryStorage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Store messages durably in a directory, and read the most recent ones.")

    @Argument(help: "The directory; made where it is missing.")
    var directory: String

    @Argument(help: "Messages to store.")
    var texts: [String] = []

    @Option(help: "How many messages to read.")
    var limit = 10

    private static let room = Text("trial")

    func run() throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        var generator = SystemRandomNumberGenerator()
        let (store, recovered) = try ServerStore.open(
            directory: directory, freshDisk: DiskID(generator.next()), options: .verifyingAll)
        defer { store.close() }
        Terminal.print(
            "opened \(directory)/syncnet.db: start \(recovered.boot.number), "
                + "\(recovered.last.number) entries")
        try add(texts, to: store, after: recovered)
        guard
            case .messages(let messages, _) = try store.answer(
                .before(.zero, room: Self.room, limit: limit))
        else { return }
        for message in messages {
            Terminal.print(
                "\(message.index.number)  \(message.sender.string): \(message.text.string)")
        }
    }

    /// All of them are one commit.
    private func add(
        _ texts: [String], to store: ServerStore, after recovered: Recovered
    ) throws {
        guard !texts.isEmpty else { return }
        var previous = recovered.rooms.first { $0.name == Self.room }?.latest ?? .zero
        var (entries, index) = ([Entry](), recovered.last)
        var delta = AppliedDelta(through: .zero)
        for text in texts {
            index = index.next
            let command = Command(
                sender: "me", request: nil, createdAt: Date().timeIntervalSince1970,
                action: .chat(room: Self.room, text: Text(text)))
            entries.append(
                Entry(
                    index: index, epoch: Epoch(1), stamp: Stamp(index.number),
                    payload: .command(command)))
            delta.posts.append(Post(room: Self.room, index: index, previous: previous))
            previous = index
        }
        delta.through = index
        if recovered.last == .zero {
            delta.memberships = [MembershipChange(room: Self.room, member: "me", isMember: true)]
        }
        try store.commit([.append(entries), .apply(delta)])
        Terminal.print("stored \(texts.count), durable up to \(index.number)")
    }
}
