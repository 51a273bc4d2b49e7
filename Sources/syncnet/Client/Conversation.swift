import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetTerminal

/// A script's conversation: what it wrote goes out, in order; what happens meanwhile is shown.
actor Conversation {
    private let client: ChatClient
    private let screen: Screen
    private let former: MemoryFile.Content?
    /// Those of the configuration: the servers may have others.
    private let limits: Limits
    /// The rooms that were joined, in order; the last one that was named is the current one.
    private var rooms: [String] = []
    private var current: String?
    /// The id of the object that is being answered, where it has one.
    private var asked: ProgramID?
    private var last: (room: String, index: UInt64)?
    private var isWell = true
    private var isLost = false
    private var leaderlessSince: ContinuousClock.Instant?
    private var hasToldLeaderless = false
    /// When the connection was last lost.
    private var lostSince: ContinuousClock.Instant?

    init(client: ChatClient, screen: Screen, former: MemoryFile.Content?, limits: Limits) {
        self.client = client
        self.limits = limits
        self.screen = screen
        self.former = former
    }

    /// Until the lines end, and everything is acknowledged; whether nothing was refused.
    func run(_ lines: AsyncStream<String>) async -> Bool {
        let messages = Task { [client, screen] in
            for await message in client.messages { screen.show(message) }
        }
        let events = Task { await tell(client.events) }
        await resume()
        for await line in lines {
            let line = ProgramLine(line, isJSON: screen.isJSON)
            if line.line == .quit { break }
            asked = line.id
            await obey(line)
            asked = nil
        }
        if let last { await screen.awaitMessage(last.index, in: last.room) }
        messages.cancel()
        events.cancel()
        // What is shown has to be remembered, too.
        await messages.value
        return isWell
    }

    /// Goes on where the last client of this name was.
    private func resume() async {
        for mark in former?.rooms ?? [] {
            do throws(ChatError) {
                let isKnown = try await client.knows(mark, of: former?.cluster)
                if isKnown { screen.enter(mark) }
                let isThere = isKnown ? true : try await client.isThere(mark.room)
                guard isThere else {
                    current = nil
                    refuse("\(mark.room) is not in this cluster: /join or /private makes it")
                    continue
                }
                let index = try await client.join(
                    mark.room, after: isKnown ? mark.index : nil)
                screen.enter(mark.room, at: index)
                rooms.append(mark.room)
                current = mark.room
            } catch {
                // What is said next is meant for no other room.
                current = nil
                refuse("\(mark.room): \(error.description)")
            }
        }
    }

    /// One quiet line when another server has taken over; one more where none does for a while.
    private func tell(_ events: AsyncStream<ChatEvent>) async {
        for await event in events {
            switch event {
            case .leaderless:
                leaderlessSince = .now
                remarkWithoutLeader()
            case .led:
                leaderlessSince = nil
                if hasToldLeaderless { screen.tell(.led) }
                hasToldLeaderless = false
            case .connected where hasToldLeaderless:
                isLost = false
            case .disconnected:
                lostSince = .now
                // It goes round for somebody who knows one, and that is no news.
                if screen.isJSON, !hasToldLeaderless { screen.tell(.disconnected) }
                remarkLater()
            case .excluded(let room):
                rooms.removeAll { $0 == room }
                if current == room { current = rooms.last }
                screen.leave(room)
                screen.tell(.excluded(room: room))
            case .replaced:
                // Nothing that follows could be done, and who starts it anew joins its rooms again.
                screen.tell(.replaced)
                exit(1)
            case .lockedOut(let detail):
                isLost = false
                isWell = false
                screen.tell(.lockedOut(detail: detail))
            case .connected(let server):
                let isFirst = lostSince == nil
                if !isFirst || screen.isInteractive || screen.isJSON {
                    screen.tell(.connected(server, isFirst: isFirst))
                }
                isLost = false
            }
        }
    }

    /// An election is no news.
    private func remarkWithoutLeader() {
        let since = leaderlessSince
        Task {
            try await Task.sleep(for: .seconds(2))
            guard leaderlessSince == since, since != nil, !hasToldLeaderless else { return }
            hasToldLeaderless = true
            screen.tell(.leaderless)
        }
    }

    private func remarkLater() {
        guard !isLost else { return }
        isLost = true
        Task {
            try await Task.sleep(for: .seconds(2))
            if isLost { screen.tell(.offline) }
        }
    }

    /// Once the input has ended nobody is there to wait: without a server for so long, or thrice
    /// as long without a leader, what is not acknowledged by then is given up.
    func giveUp(after patience: Duration) async -> Never {
        while true {
            if isLost, let lostSince, lostSince.duration(to: .now) > patience {
                screen.tell(.gaveUp("no server answers"))
                exit(1)
            }
            if let leaderlessSince, leaderlessSince.duration(to: .now) > patience * 3 {
                screen.tell(.gaveUp("the servers have no leader"))
                exit(1)
            }
            do { try await Task.sleep(for: .milliseconds(100)) } catch { continue }
        }
    }

    private func obey(_ line: ProgramLine) async {
        do throws(ChatError) {
            switch line.line {
            case .join(let room): try await join(room, isPrivate: false)
            case .privateRoom(let room): try await makePrivate(room)
            case .invite(let name): try await invite(name, to: line.room)
            case .leave(let room): try await leave(room)
            case .rooms: answer(.rooms(rooms, current: current))
            case .who(let room): try await listMembers(of: room)
            case .history(let limit): try await showHistory(limit, of: line.room)
            case .search(let words):
                let page = try await client.search(words, in: line.room)
                answer(.found(page.messages, hasMore: page.hasMore))
            case .servers: answer(.servers(try await client.servers()))
            case .login:
                refuse("/login needs a terminal: start with --login or --password-file FILE")
            case .help: answer(.help)
            case .say(let text): try await say(text, in: line.room)
            case .mistake(let text): refuse(text)
            case .quit, .nothing: break
            }
        } catch {
            guard case .say(let text) = line.line else {
                return refuse(Failure(error).description)
            }
            if case .refused(.notJoined, _) = error, let room = line.room ?? current,
                rooms.contains(room)
            {
                return turnedOut(of: room)
            }
            refuse(Failure(error, of: text, limits: limits).description)
        }
    }

    /// Somebody of the same name, a person's other client perhaps, has left the room.
    private func turnedOut(of room: String) {
        rooms.removeAll { $0 == room }
        if current == room { current = rooms.last }
        screen.leave(room)
        refuse(ChatNews.turnedOut(of: room))
    }

    private func refuse(_ text: String) {
        isWell = false
        answer(.refused(text))
    }

    private func answer(_ news: ChatNews) { screen.tell(news, id: asked) }

    private func join(_ room: String, isPrivate: Bool) async throws(ChatError) {
        guard !rooms.contains(room) else { return go(to: room, at: nil) }
        var after: UInt64?
        if screen.isInteractive {
            // What was said last is shown first, and then all that follows it: no gap between.
            let page = try await client.history(of: room, limit: 10)
            page.messages.forEach(screen.show)
            after = page.messages.last?.index
        }
        let index = try await client.join(room, after: after, isPrivate: isPrivate)
        screen.enter(room, at: after ?? index)
        rooms.append(room)
        go(to: room, at: index)
    }

    /// Where one is in the room already the servers are asked all the same: it may be open.
    private func makePrivate(_ room: String) async throws(ChatError) {
        if rooms.contains(room) { try await client.join(room, isPrivate: true) }
        try await join(room, isPrivate: true)
    }

    private func invite(_ name: String, to room: String?) async throws(ChatError) {
        guard let room = room ?? current else { return refuse("you are in no room") }
        let index = try await client.invite(name, to: room)
        answer(.invited(name, room: room, index: index))
    }

    private func go(to room: String, at index: UInt64?) {
        current = room
        answer(.joined(room: room, index: index))
    }

    private func leave(_ room: String?) async throws(ChatError) {
        guard let room = room ?? current else { return refuse("you are in no room") }
        var index: UInt64?
        do throws(ChatError) {
            index = try await client.leave(room)
        } catch .refused(.notJoined, _) where rooms.contains(room) {
            // Somebody of the same name has left it: this client is out of it as well.
        }
        screen.leave(room)
        rooms.removeAll { $0 == room }
        if current == room { current = rooms.last }
        answer(.left(room: room, index: index, current: current))
    }

    private func say(_ text: String, in room: String?) async throws(ChatError) {
        guard let room = room ?? current else {
            return refuse("you are in no room: /join ROOM first")
        }
        screen.eraseTypedLine()
        let index = try await client.say(text, in: room)
        last = (room, index)
        answer(.acknowledged(room: room, index: index))
    }

    private func listMembers(of room: String?) async throws(ChatError) {
        guard let room = room ?? current else { return refuse("which room? /who ROOM") }
        answer(.members(room: room, try await client.members(of: room)))
    }

    private func showHistory(_ limit: UInt64?, of room: String?) async throws(ChatError) {
        guard let room = room ?? current else {
            return refuse("you are in no room: /join ROOM first")
        }
        let page = try await client.history(
            of: room, limit: limit.map { Int(clamping: $0) } ?? 20)
        answer(.page(room: room, page.messages))
    }
}
