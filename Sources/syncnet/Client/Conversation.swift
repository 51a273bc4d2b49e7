import Foundation
import SyncNetClient
import SyncNetProtocol

/// A person's, or a script's, conversation: what was typed goes out, in order; what happens
/// meanwhile is shown.
actor Conversation {
    private let client: ChatClient
    private let screen: Screen
    /// The rooms that were joined, in order; the last one that was named is the current one.
    private var rooms: [String] = []
    private var current: String?
    private var last: (room: String, index: UInt64)?
    private var isWell = true
    private var isLost = false
    /// When the connection was last lost.
    private var lostSince: ContinuousClock.Instant?

    init(client: ChatClient, screen: Screen) {
        self.client = client
        self.screen = screen
    }

    /// Until the lines end, and everything is acknowledged; whether nothing was refused.
    func run(_ lines: AsyncStream<String>) async -> Bool {
        let messages = Task { [client, screen] in
            for await message in client.messages { screen.show(message) }
        }
        let events = Task { await tell(client.events) }
        for await line in lines {
            let line = ClientLine(line)
            if line == .quit { break }
            await obey(line)
        }
        if let last { await screen.awaitMessage(last.index, in: last.room) }
        messages.cancel()
        events.cancel()
        return isWell
    }

    /// One quiet line when another server has taken over; one more where none does for a while.
    private func tell(_ events: AsyncStream<ChatEvent>) async {
        for await event in events {
            switch event {
            case .disconnected:
                lostSince = .now
                remarkLater()
            case .excluded(let room):
                screen.remark("no member of \(room) any more: somebody there may invite you")
            case .connected(let server):
                let isFirst = lostSince == nil
                if !isFirst || screen.isInteractive {
                    screen.remark("\(isFirst ? "connected" : "connection lost, now") to \(server)")
                }
                isLost = false
            }
        }
    }

    private func remarkLater() {
        guard !isLost else { return }
        isLost = true
        Task {
            try await Task.sleep(for: .seconds(2))
            if isLost { screen.remark("no server answers; goes on trying") }
        }
    }

    /// Once the input has ended nobody is there to wait: without a server for so long, what is
    /// not acknowledged by then is given up.
    func giveUp(after patience: Duration) async -> Never {
        while true {
            if isLost, let lostSince, lostSince.duration(to: .now) > patience {
                screen.complain("not everything was acknowledged, and no server answers")
                exit(1)
            }
            do { try await Task.sleep(for: .milliseconds(100)) } catch { continue }
        }
    }

    private func obey(_ line: ClientLine) async {
        do {
            switch line {
            case .join(let room): try await join(room)
            case .leave(let room): try await leave(room)
            case .rooms: listRooms()
            case .who(let room): try await listMembers(of: room)
            case .history(let limit): try await showHistory(limit)
            case .servers: try await listServers()
            case .help: Terminal.print(ClientLine.helpText)
            case .say(let text): try await say(text)
            case .mistake(let text): refuse(text)
            case .quit, .nothing: break
            }
        } catch {
            refuse("\(error)")
        }
    }

    private func refuse(_ text: String) {
        isWell = false
        screen.complain(text)
    }

    private func join(_ room: String) async throws {
        guard !rooms.contains(room) else { return go(to: room) }
        var after: UInt64?
        if screen.isInteractive {
            // What was said last is shown first, and then all that follows it: no gap between.
            let page = try await client.history(of: room, limit: 10)
            page.messages.forEach(screen.show)
            after = page.messages.last?.index
        }
        try await client.join(room, after: after)
        rooms.append(room)
        go(to: room)
    }

    private func go(to room: String) {
        current = room
        screen.remark("you are in \(room)")
    }

    private func leave(_ room: String?) async throws {
        guard let room = room ?? current else { return refuse("you are in no room") }
        try await client.leave(room)
        rooms.removeAll { $0 == room }
        if current == room { current = rooms.last }
        screen.remark("left \(room)" + (current.map { ", you are in \($0)" } ?? ""))
    }

    private func say(_ text: String) async throws {
        guard let current else { return refuse("you are in no room: /join ROOM first") }
        screen.eraseTypedLine()
        last = (current, try await client.say(text, in: current))
    }

    private func listRooms() {
        guard !rooms.isEmpty else { return screen.remark("you are in no room: /join ROOM") }
        for room in rooms { screen.remark(room == current ? "\(room) (here)" : room) }
    }

    private func listMembers(of room: String?) async throws {
        guard let room = room ?? current else { return refuse("which room? /who ROOM") }
        let members = try await client.members(of: room)
        screen.remark("\(members.count) in \(room): " + members.joined(separator: ", "))
    }

    private func showHistory(_ limit: UInt64?) async throws {
        guard let current else { return refuse("you are in no room: /join ROOM first") }
        let page = try await client.history(
            of: current, limit: limit.map { Int(clamping: $0) } ?? 20)
        for message in page.messages {
            Terminal.print("\(message.index)  \(MessageLine.text(of: message))")
        }
    }

    private func listServers() async throws {
        for server in try await client.servers() {
            screen.remark(
                "\(server.id.string) at \(server.host.string):\(server.port)"
                    + (server.isLeader ? ", leads" : ""))
        }
    }
}
