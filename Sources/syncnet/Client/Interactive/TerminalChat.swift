import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetTerminal

// The protocol has posts of its own.
import struct SyncNetTerminal.Post

/// Where somebody is in a cluster.
struct Place: Sendable {
    /// Up to where each room was shown.
    var rooms: [Bookmark]
    /// The cluster, where its name is known.
    var cluster: String?
    /// The room that is looked at.
    var current: String?
}

/// What a conversation at a terminal begins with, and hands on to the next one.
struct Seat: Sendable {
    /// Where one was, for as far as the cluster has it.
    var place: Place?
    /// What one logs in with.
    var password: String?
    /// Whether one was about to type another password.
    var asksSecret = false
}

/// What a conversation at a terminal ended with.
struct ChatEnding: Sendable {
    /// Whether everything that was said is acknowledged, and everything else done.
    var isWell: Bool
    /// What goes on where the servers are another cluster; nil where the person left.
    var replaced: Seat?
}

/// A person at a terminal, in conversation with the cluster.
///
/// Lines are obeyed in the order in which they were typed, and typing goes on meanwhile. What is
/// said is not waited for: it stands above the prompt until it is shown as a message.
actor TerminalChat {
    /// So much of what is on its way is shown.
    private static let deliveriesShown = 5
    private static let unreadShown = 4

    let client: ChatClient
    let name: String
    let memory: MemoryFile?
    /// Where one was, and what one logs in with.
    var seat: Seat
    /// Those of the configuration: the servers may have others.
    let limits: Limits
    var login = LoginState()
    var board = Board()
    var look: PostLine
    private let terminal: RawTerminal
    private let typed: InputHistoryFile?
    private var console: Console
    /// What was typed and is not done, the line that is being obeyed first.
    private var undone: [String] = []
    private var server: ChatAddress?
    private var isLost = false
    private var lostCount = 0
    private var hasBeenOffline = false
    private var isLed = true
    private var leaderCount = 0
    private var hasBeenLeaderless = false
    private var leaving = 0
    private var isReplaced = false
    private(set) var hasResumed = false
    private var hasLeft = false
    private let lines: AsyncStream<String>
    private let lineSource: AsyncStream<String>.Continuation
    private let wishes: AsyncStream<Void>
    private let wish: AsyncStream<Void>.Continuation

    init(
        client: ChatClient, name: String, terminal: RawTerminal, memory: MemoryFile?,
        typed: InputHistoryFile?, seat: Seat, limits: Limits
    ) {
        self.seat = seat
        self.client = client
        self.limits = limits
        self.name = name
        self.memory = memory
        self.terminal = terminal
        self.typed = typed
        look = PostLine(isColourful: Terminal.isColourful)
        let words = Vocabulary(
            commands: ClientLine.commands, roomCommands: ClientLine.roomCommands)
        console = Console(
            columns: terminal.columns, vocabulary: words, history: typed?.lines() ?? [])
        (lines, lineSource) = AsyncStream.makeStream(of: String.self)
        (wishes, wish) = AsyncStream.makeStream(of: Void.self)
    }

    /// Until the person leaves, or the servers are another cluster.
    /// - Parameter trouble: What did not work so far.
    func run(_ trouble: String?) async -> ChatEnding {
        terminal.enter()
        console.show()
        if let trouble { complain(trouble) }
        refresh()
        if seat.asksSecret { askPassword() }
        let tasks = [
            Task {
                for await bytes in terminal.keys() { take(bytes) }; insist()
            },
            Task { for await message in client.messages { arrived(Post(message)) } },
            Task { for await event in client.events { happened(event) } },
            Task { await obeyAll() },
        ]
        let resizes = Signals.on(SIGWINCH) { [weak self] in Task { await self?.resized() } }
        for await _ in wishes {
            leaving += 1
            if leaving > 1 || isReplaced || !hasWork { break }
            remark("waits until all is acknowledged; Ctrl-C leaves at once")
        }
        withExtendedLifetime(resizes) {}
        for task in tasks { task.cancel() }
        let lost = board.deliveries.filter { $0.index == nil }
        for delivery in lost { complain("not acknowledged: \(delivery.text)") }
        undone.removeAll { ClientLine($0) == .quit }
        for line in undone { complain("not done: \(line)") }
        console.set(prompt: "", living: [])
        console.hide()
        flush()
        if isReplaced { terminal.hush() } else { terminal.leave() }
        // What is given up now has been told.
        hasLeft = true
        let isWell = lost.isEmpty && undone.isEmpty
        guard isReplaced else { return ChatEnding(isWell: isWell, replaced: nil) }
        // Before anything else that was on its way is looked at.
        seat.place = placeNow
        seat.place?.cluster = await client.cluster()?.description
        return ChatEnding(isWell: isWell, replaced: seat)
    }

    /// With the rooms of former times to which one did not get yet.
    private var placeNow: Place {
        let unseen = (seat.place?.rooms ?? []).filter { mark in
            !hasResumed && board[mark.room] == nil
        }
        return Place(
            rooms: board.marks + unseen, cluster: nil,
            current: board.current ?? seat.place?.current)
    }

    /// Leaves, whatever is on its way.
    func insist() {
        leaving += 1
        wish.yield()
    }

    private func obeyAll() async {
        await resume()
        hasResumed = !isReplaced
        // What was typed ahead still comes when it has been told that it is not done.
        for await line in lines where !hasLeft && !isReplaced {
            await obey(ClientLine(line))
            guard !hasLeft, !isReplaced else { return }
            undone.removeFirst()
            refresh()
        }
    }

    private func take(_ bytes: [UInt8]) {
        console.vocabulary.rooms = board.rooms.map(\.name)
        console.vocabulary.people = board.people
        // Line by line: what was typed ahead behind one that asks for a secret is no line.
        for piece in Self.lines(of: bytes) {
            for event in console.take(piece) {
                switch event {
                case .line(let line): submit(line)
                case .full: warnOfFullLine()
                case .secret(let secret): take(secret)
                case .ended: wish.yield()
                case .suspended: suspend()
                }
            }
        }
        flush()
    }

    private func warnOfFullLine() {
        let most = LineEditor.bytesMax
        let text = "a line takes \(most) bytes, and what came last is left out: Enter sends it so"
        pass([look.grey("· " + text)])
    }

    private static func lines(of bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        for byte in bytes {
            lines[lines.count - 1].append(byte)
            if byte == 0x0A || byte == 0x0D { lines.append([]) }
        }
        return lines
    }

    private func submit(_ line: String) {
        guard !line.allSatisfy(\.isWhitespace) else { return }
        typed?.keep(line)
        if line.hasPrefix("/"), !line.hasPrefix("//") { pass([look.grey(Terminal.harmless(line))]) }
        // At once: what is typed next is no line.
        guard ClientLine(line) != .login else { return askPassword() }
        // Nobody who goes waits for what was only asked.
        if ClientLine(line) == .quit, !hasWork {
            wish.yield()
            return
        }
        undone.append(line)
        lineSource.yield(line)
    }

    /// Whether anything is under way that changes something.
    private var hasWork: Bool {
        board.isWaiting || undone.contains { !ClientLine($0).isQuestion }
    }

    private func suspend() {
        console.hide()
        flush()
        terminal.suspend()
        console.show()
        resized()
    }

    // A connection that is made anew to the same server, at once, is no news.
    private func connected(to server: ChatAddress) {
        if let attempt = login.attempt {
            remark("\(attempt), connected to \(server)")
        } else if self.server == nil {
            remark("connected to \(server)")
        } else if self.server != server && !hasBeenLeaderless || hasBeenOffline {
            remark("connection lost, now to \(server)")
        }
        self.server = server
        hasBeenOffline = false
        isLost = false
        login.succeeded()
        refresh()
    }

    private func resized() {
        console.resize(to: terminal.columns)
        flush()
    }

    private func arrived(_ post: Post) {
        guard !hasLeft else { return }
        guard let due = board.arrived(post) else { return refresh() }
        show([due])
    }

    /// One quiet line when another server has taken over; one more where none does for a while.
    private func happened(_ event: ChatEvent) {
        switch event {
        case .connected(let server):
            connected(to: server)
        case .lockedOut:
            isLost = false
            lockedOut()
        case .replaced:
            // Who was about to leave anyway, leaves.
            isReplaced = leaving == 0 && !undone.contains { ClientLine($0) == .quit }
            let unsent = console.line
            seat.asksSecret = console.asksSecret
            if isReplaced, !unsent.isEmpty { complain("not sent: \(unsent)") }
            complain(
                "the servers' data were replaced, restored from a backup or set up anew: what was "
                    + "said before may be gone")
            if !isReplaced { leaving += 1 }
            wish.yield()
        case .excluded(let room):
            board.leave(room)
            memory?.save(board)
            remark("no member of \(room) any more: somebody there may invite you")
            refresh()
        case .leaderless:
            isLed = false
            leaderCount += 1
            let count = leaderCount
            Task {
                // An election is no news.
                try await Task.sleep(for: .seconds(2))
                guard !isLed, count == leaderCount else { return }
                hasBeenLeaderless = true
                refresh()
            }
        case .led:
            isLed = true
            hasBeenLeaderless = false
            refresh()
        case .disconnected:
            lostCount += 1
            let count = lostCount
            isLost = true
            Task {
                try await Task.sleep(for: .seconds(2))
                guard isLost, count == lostCount else { return }
                hasBeenOffline = true
                refresh()
            }
        }
    }
}

// What is shown.
extension TerminalChat {
    func show(_ posts: [Post]) {
        pass(posts.flatMap { look.lines(of: $0) })
        memory?.save(board)
        refresh()
    }

    func remark(_ text: String) { pass(look.remark(text, into: columns)) }

    func complain(_ text: String) { pass(look.complaint(text, into: columns)) }

    /// How wide the terminal is.
    var columns: Int { console.columns }

    /// Asks for a password; what is typed next is not shown.
    func askSecret(_ prompt: String) {
        console.askSecret(prompt)
        flush()
    }

    func pass(_ lines: [String]) {
        console.pass(lines)
        flush()
    }

    func leave() { wish.yield() }

    /// Draws the living lines as things stand now.
    func refresh() {
        let hidden = board.deliveries.count - Self.deliveriesShown
        var living = board.deliveries.suffix(Self.deliveriesShown).map {
            look.line(of: $0, by: name, current: board.current)
        }
        if hidden > 0 { living.insert(look.grey("    … and \(hidden) more"), at: 0) }
        let unread = board.unread
        let more = unread.count - Self.unreadShown
        let shown = unread.prefix(Self.unreadShown).map {
            "\(Terminal.harmless($0.name)) \($0.unread)"
        }
        let words = (shown + (more > 0 ? ["\(more) more"] : [])).joined(separator: ", ")
        let news = unread.isEmpty ? "" : " (\(words))"
        let isOffline = isLost && hasBeenOffline
        let state =
            login.isLockedOut
            ? " [logged out]"
            : isOffline ? " [no server answers]" : hasBeenLeaderless ? " [no leader]" : ""
        let room = Terminal.harmless(board.current ?? "")
        console.set(prompt: "\(room)\(look.grey(news + state))> ", living: living)
        flush()
        if leaving > 0, !hasWork { wish.yield() }
    }

    private func flush() {
        guard !hasLeft else { return }
        let output = console.takeOutput()
        if !output.isEmpty { terminal.write(output) }
    }
}

extension Post {
    init(_ message: ChatMessage) {
        self.init(
            room: message.room, index: message.index, stamp: message.stamp,
            sender: message.sender, text: message.text, createdAt: message.createdAt)
    }
}
