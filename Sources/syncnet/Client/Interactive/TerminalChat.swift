import Foundation
import SyncNetClient
import SyncNetTerminal

/// A person at a terminal, in conversation with the cluster.
///
/// Lines are obeyed in the order in which they were typed, and typing goes on meanwhile. What is
/// said is not waited for: it stands above the prompt until it is shown as a message.
actor TerminalChat {
    /// So much of what is on its way is shown.
    private static let deliveriesShown = 5

    let client: ChatClient
    let name: String
    let memory: MemoryFile?
    var board = Board()
    var look: PostLine
    private let terminal: RawTerminal
    private let typed: InputHistoryFile?
    private var console: Console
    private var queued = 0
    private var isLost = false
    private var lostCount = 0
    private var leaving = 0
    private let lines: AsyncStream<String>
    private let lineSource: AsyncStream<String>.Continuation
    private let wishes: AsyncStream<Void>
    private let wish: AsyncStream<Void>.Continuation

    init(
        client: ChatClient, name: String, terminal: RawTerminal, memory: MemoryFile?,
        typed: InputHistoryFile?
    ) {
        self.client = client
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

    /// Until the person leaves; whether everything that was said is acknowledged by then.
    /// - Parameter trouble: What did not work so far.
    func run(_ trouble: String?) async -> Bool {
        terminal.enter()
        console.show()
        if let trouble { complain(trouble) }
        refresh()
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
            if leaving > 1 || (queued == 0 && !board.isWaiting) { break }
            remark("waits until all is acknowledged; Ctrl-C leaves at once")
        }
        withExtendedLifetime(resizes) {}
        for task in tasks { task.cancel() }
        let lost = board.deliveries.filter { $0.index == nil }
        for delivery in lost { complain("not acknowledged: \(delivery.text)") }
        console.set(prompt: "", living: [])
        console.hide()
        flush()
        terminal.leave()
        return lost.isEmpty
    }

    /// Leaves, whatever is on its way.
    func insist() {
        leaving += 1
        wish.yield()
    }

    private func obeyAll() async {
        await resume()
        for await line in lines {
            await obey(ClientLine(line))
            queued -= 1
            refresh()
        }
    }

    private func take(_ bytes: [UInt8]) {
        console.vocabulary.rooms = board.rooms.map(\.name)
        console.vocabulary.people = board.people
        for event in console.take(bytes) {
            switch event {
            case .line(let line): submit(line)
            case .ended: wish.yield()
            case .suspended: suspend()
            }
        }
        flush()
    }

    private func submit(_ line: String) {
        guard !line.allSatisfy(\.isWhitespace) else { return }
        typed?.keep(line)
        if line.hasPrefix("/"), !line.hasPrefix("//") { pass([look.grey(Terminal.harmless(line))]) }
        queued += 1
        lineSource.yield(line)
    }

    private func suspend() {
        console.hide()
        flush()
        terminal.suspend()
        console.show()
        resized()
    }

    private func resized() {
        console.resize(to: terminal.columns)
        flush()
    }

    private func arrived(_ post: Post) {
        guard let due = board.arrived(post) else { return refresh() }
        show([due])
    }

    /// One quiet line when another server has taken over; one more where none does for a while.
    private func happened(_ event: ChatEvent) {
        switch event {
        case .connected(let server):
            remark("\(lostCount == 0 ? "connected" : "connection lost, now") to \(server)")
            isLost = false
            refresh()
        case .excluded(let room):
            board.leave(room)
            memory?.save(board)
            remark("no member of \(room) any more: somebody there may invite you")
            refresh()
        case .disconnected:
            lostCount += 1
            let count = lostCount
            isLost = true
            Task {
                try await Task.sleep(for: .seconds(2))
                if isLost, count == lostCount { refresh(isOffline: true) }
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

    func remark(_ text: String) { pass([look.remark(text)]) }

    func complain(_ text: String) { pass([look.complaint(text)]) }

    func pass(_ lines: [String]) {
        console.pass(lines)
        flush()
    }

    func leave() { wish.yield() }

    /// Draws the living lines as things stand now.
    func refresh(isOffline: Bool = false) {
        let hidden = board.deliveries.count - Self.deliveriesShown
        var living = board.deliveries.suffix(Self.deliveriesShown).map {
            look.line(of: $0, by: name, current: board.current)
        }
        if hidden > 0 { living.insert(look.grey("    … and \(hidden) more"), at: 0) }
        let unread = board.unread.map { "\(Terminal.harmless($0.name)) \($0.unread)" }
        let news = unread.isEmpty ? "" : " (\(unread.joined(separator: ", ")))"
        let state = isOffline ? " [no server answers]" : ""
        let room = Terminal.harmless(board.current ?? "")
        console.set(prompt: "\(room)\(look.grey(news + state))> ", living: living)
        flush()
        if leaving > 0, queued == 0, !board.isWaiting { wish.yield() }
    }

    private func flush() {
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
