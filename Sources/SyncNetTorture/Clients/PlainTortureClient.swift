import Foundation
import StateMachine
package import SyncNetClient
package import SyncNetProtocol
import SyncNetSimulation

/// A client without a session: each request is sent once, on one connection. Where that breaks,
/// or nobody knows what came of it, it never will, and begins anew elsewhere.
package actor PlainTortureClient: Tormented {
    /// So long it waits for an answer before it gives the connection up.
    static let patience = Duration.seconds(5)

    private let me: NodeID
    private let name: Text
    private let rooms: [Text]
    private let servers: [ChatAddress]
    private let tls: ChatTLS?
    private let recorder: Recorder
    private var dice: Generator
    private var order: UInt64 = 0
    private var isStopping = false
    private var connection: PlainConnection?
    private var listening: Task<Void, Never>?
    private var waiting: [UInt64: CheckedContinuation<ClientReply?, Never>] = [:]
    /// The highest index that it was told: what it reads later is not to be older.
    private var seen = LogIndex.zero
    package private(set) var isDone = false

    /// Makes the client of that number.
    package init(
        number: Int, rooms: [Text], servers: [ChatAddress], tls: ChatTLS? = nil, seed: UInt64,
        recorder: Recorder
    ) {
        me = NodeID(UInt32(Limits.membersMax + number))
        name = Text("plain\(number + 1)")
        self.rooms = rooms
        self.servers = servers
        self.tls = tls
        self.recorder = recorder
        dice = Generator(seed: seed)
    }

    package nonisolated var id: String { name.string }

    package nonisolated var answers: UInt64 { recorder.answers(to: me) }

    package func live() async {
        while !isStopping {
            guard await isConnected() else { continue }
            let room = dice.pick(rooms)
            switch dice.below(100) {
            case 0..<60: _ = await say(room)
            case 60..<80: _ = await read(room, isLinearizable: true)
            case 80..<97: _ = await read(room, isLinearizable: false)
            default: await disconnect()
            }
            let pause = dice.within(0...TortureClient.pauseMost)
            try? await Task.sleep(for: .milliseconds(pause))
        }
        await insist { await self.say(self.rooms[0]) }
        await insist { await self.read(self.rooms[0], isLinearizable: true) }
        isDone = !Task.isCancelled
        await disconnect()
    }

    package func stop() { isStopping = true }

    private func insist(_ act: () async -> Bool) async {
        while !Task.isCancelled {
            if await isConnected(), await act() { return }
            try? await Task.sleep(for: .milliseconds(TortureClient.pauseMost))
        }
    }

    private func note(_ kind: RecordedEvent.Kind, asked: ContinuousClock.Instant? = nil) {
        recorder.note(me, name, kind, asked: asked)
    }
}

// What it does.
extension PlainTortureClient {
    /// Says something; returns whether it was acknowledged.
    private func say(_ room: Text) async -> Bool {
        order += 1
        let mark = "\(name.string)-\(order)"
        var text = Text("\(mark) says so")
        if dice.chance(1, in: 25) {
            text = dice.pick(OddText.allCases.filter { $0 != .empty }).text(mark, Limits())
        }
        let number = order
        let asked = ContinuousClock.now
        note(.says(order: number, room: room, text: text))
        switch await ask(.chat(room: room, text: text), number) {
        case .done(_, _, let index):
            note(.done(order: number, at: index), asked: asked)
            seen = max(seen, index)
            return true
        case let other: await failed(number, other)
        }
        return false
    }

    /// Reads a page; returns whether it came.
    private func read(_ room: Text, isLinearizable: Bool) async -> Bool {
        order += 1
        let number = order
        let request = HistoryRequest(
            room: room, limit: UInt64(TortureClient.pageLimit), isLinearizable: isLinearizable,
            seen: seen)
        let asked = ContinuousClock.now
        note(.reads(order: number, request))
        switch await ask(.history(request), number) {
        case .history(_, let page):
            note(.page(order: number, page), asked: asked)
            seen = max(seen, page.messages.last?.index ?? .zero)
            return true
        case let other: await failed(number, other)
        }
        return false
    }

    /// What was asked was not done, or nobody knows.
    private func failed(_ number: UInt64, _ reply: ClientReply?) async {
        guard case .nack(_, let reason, _) = reply else {
            if let reply { note(.flaw("#\(number) was answered by \(reply)")) }
            note(.unknown(order: number))
            return await disconnect()
        }
        note(.refused(order: number, reason))
        // What comes of the request may come later than what is asked next.
        if reason != .tooLarge { await disconnect() }
    }

    /// Sends a request and waits for its answer; nil where none will come.
    private func ask(_ body: ClientRequestBody, _ number: UInt64) async -> ClientReply? {
        guard let connection else { return nil }
        let deadline = Task {
            try? await Task.sleep(for: Self.patience)
            if !Task.isCancelled { connection.close() }
        }
        defer { deadline.cancel() }
        let now = Date().timeIntervalSince1970
        return await withCheckedContinuation { continuation in
            waiting[number] = continuation
            connection.send(body, as: name, number: number, at: now)
        }
    }
}

// Its connection.
extension PlainTortureClient {
    private func isConnected() async -> Bool {
        if connection != nil { return true }
        guard
            let opened = try? await PlainConnection.open(
                to: dice.pick(servers), within: .seconds(2), tls: tls)
        else {
            try? await Task.sleep(for: .milliseconds(100))
            return false
        }
        note(.began)
        connection = opened
        listening = Task {
            do {
                for try await reply in opened.replies { hear(reply) }
            } catch {
                note(.flaw("\(error)"))
            }
            lost()
        }
        for room in rooms {
            order += 1
            guard case .done = await ask(.createJoin(room: room, after: nil), order) else {
                await disconnect()
                try? await Task.sleep(for: .milliseconds(100))
                return false
            }
        }
        return true
    }

    private func hear(_ reply: ClientReply) {
        switch reply {
        case .pushed(let message):
            seen = max(seen, message.index)
            note(.shown(message))
        case .done(let number?, _, let index) where waiting[number] == nil:
            // Answered before, or never asked: that is for the judge.
            note(.done(order: number, at: index))
        case .history(let number?, let page) where waiting[number] == nil:
            note(.page(order: number, page))
        case .done(let number?, _, _), .history(let number?, _), .nack(let number?, _, _):
            waiting.removeValue(forKey: number)?.resume(returning: reply)
        default: break
        }
    }

    /// The connection has ended: nothing more comes.
    private func lost() {
        connection = nil
        for continuation in waiting.values { continuation.resume(returning: nil) }
        waiting.removeAll()
    }

    private func disconnect() async {
        connection?.close()
        await listening?.value
        listening = nil
    }
}
