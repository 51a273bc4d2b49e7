import StateMachine
package import SyncNetClient
package import SyncNetProtocol
import SyncNetSimulation

/// A client that says things, reads, listens, and now and then dies and comes back, all of it
/// drawn from a seed; what it asks and is told is written down.
package actor TortureClient: Tormented {
    /// The longest pause between two things that it does, in milliseconds.
    static let pauseMost: UInt64 = 100
    /// The longest rest, which it takes now and then: so that something is asked of a server that
    /// has stood still or was cut off for a while, and does not know it yet.
    static let restMost: UInt64 = 3_000
    /// So many messages it sends at once, where it sends several.
    static let burst: ClosedRange<UInt64> = 2...8
    /// Messages of a page, where it reads the last ones.
    static let pageLimit = 20

    private let me: NodeID
    private let name: Text
    private let rooms: [Text]
    private let servers: [ChatAddress]
    private let timing: Timing
    private let tls: ChatTLS?
    private let recorder: Recorder
    private var dice: Generator
    private var order: UInt64 = 0
    private var isStopping = false
    private var connection: ChatClient?
    private var listening: Task<Void, Never>?
    /// The last message that it was shown of each room, by the room's place.
    private var seen: [Int: UInt64] = [:]
    package private(set) var isDone = false

    /// Makes the client of that number.
    package init(
        number: Int, rooms: [Text], servers: [ChatAddress], timing: Timing, tls: ChatTLS? = nil,
        seed: UInt64, recorder: Recorder
    ) {
        me = NodeID(UInt32(Limits.membersMax + number))
        name = Text("client\(number + 1)")
        self.rooms = rooms
        self.servers = servers
        self.timing = timing
        self.tls = tls
        self.recorder = recorder
        dice = Generator(seed: seed)
    }

    package nonisolated var id: String { name.string }

    package nonisolated var answers: UInt64 { recorder.answers(to: me) }

    package func live() async {
        while !isStopping {
            if connection == nil, await !connect() { continue }
            if dice.chance(1, in: 10) {
                try? await Task.sleep(for: .milliseconds(dice.within(0...Self.restMost)))
                if dice.chance(1, in: 2) { await read(dice.pick(rooms), isLinearizable: true) }
            }
            await act()
            try? await Task.sleep(for: .milliseconds(dice.within(0...Self.pauseMost)))
        }
        while connection == nil, !Task.isCancelled { _ = await connect() }
        await say(rooms[0], text())
        await read(rooms[0], isLinearizable: true)
        isDone = !Task.isCancelled
        await disconnect()
    }

    package func stop() { isStopping = true }

    private func act() async {
        let room = dice.pick(rooms)
        switch dice.below(100) {
        case 0..<60: await say(room, text())
        case 60..<68: await sayMany(room)
        case 68..<86: await read(room, isLinearizable: true)
        case 86..<98: await read(room, isLinearizable: false)
        default: await die(in: room)
        }
    }

    private func text() -> Text {
        let mark = "\(name.string)-\(order + 1)"
        guard dice.chance(1, in: 25) else { return Text("\(mark) says so") }
        let odd = dice.pick(OddText.allCases.filter { $0 != .empty })
        return odd.text(mark, Limits())
    }

    private func note(_ kind: RecordedEvent.Kind, asked: ContinuousClock.Instant? = nil) {
        recorder.note(me, name, kind, asked: asked)
    }
}

extension TortureClient {
    private func connect() async -> Bool {
        do {
            let client = try await ChatClient.connect(
                to: [dice.pick(servers)] + servers, name: name.string, within: .seconds(2),
                timing: timing, tls: tls)
            note(.began)
            connection = client
            listening = Task { for await message in client.messages { hear(message) } }
            for (place, room) in rooms.enumerated() {
                try await client.join(room.string, after: seen[place])
            }
            return true
        } catch {
            await disconnect()
            try? await Task.sleep(for: .milliseconds(100))
            return false
        }
    }

    private func disconnect() async {
        await connection?.close()
        await listening?.value
        connection = nil
        listening = nil
    }

    private func hear(_ message: ChatMessage) {
        if let place = rooms.firstIndex(of: Text(message.room)) { seen[place] = message.index }
        note(.shown(RoomMessage(message)))
    }

    /// Ends with something on its way, of which it will never hear, and comes back as another.
    private func die(in room: Text) async {
        guard let connection else { return }
        let text = text()
        order += 1
        let number = order
        note(.says(order: number, room: room, text: text))
        _ = connection.post(text.string, in: room.string)
        try? await Task.sleep(for: .milliseconds(dice.within(0...5)))
        await disconnect()
        note(.unknown(order: number))
    }

    private func say(_ room: Text, _ text: Text) async {
        guard let delivery = post(room, text) else { return }
        await delivery()
    }

    private func sayMany(_ room: Text) async {
        var deliveries: [() async -> Void] = []
        for _ in 0..<dice.within(Self.burst) {
            if let delivery = post(room, text()) { deliveries.append(delivery) }
        }
        for delivery in deliveries { await delivery() }
    }

    /// Sends a message; what is answered waits for its acknowledgement.
    private func post(_ room: Text, _ text: Text) -> (() async -> Void)? {
        guard let connection else { return nil }
        order += 1
        let number = order
        let asked = ContinuousClock.now
        note(.says(order: number, room: room, text: text))
        let delivery = connection.post(text.string, in: room.string)
        return {
            do throws(ChatError) {
                let index = try await delivery.index
                self.note(.done(order: number, at: LogIndex(index)), asked: asked)
            } catch {
                self.note(Self.end(of: number, error))
            }
        }
    }

    private func read(_ room: Text, isLinearizable: Bool) async {
        guard let connection else { return }
        let place = rooms.firstIndex(of: room) ?? 0
        let after = dice.chance(1, in: 3) ? seen[place] : nil
        order += 1
        let number = order
        let asked = ContinuousClock.now
        note(
            .reads(
                order: number,
                HistoryRequest(
                    room: room, after: after.map { LogIndex($0) }, isLinearizable: isLinearizable))
        )
        do throws(ChatError) {
            let page = try await connection.history(
                of: room.string, after.map { .after($0) } ?? .latest, limit: Self.pageLimit,
                isLinearizable: isLinearizable)
            let messages = page.messages.map { RoomMessage($0) }
            note(
                .page(
                    order: number,
                    HistoryPage(
                        room: room, messages: messages, hasMore: page.hasMore, members: nil)),
                asked: asked)
        } catch {
            note(Self.end(of: number, error))
        }
    }

    private static func end(of order: UInt64, _ error: ChatError) -> RecordedEvent.Kind {
        guard case .refused(let reason, _) = error else { return .unknown(order: order) }
        return .refused(order: order, reason)
    }
}

extension RoomMessage {
    init(_ message: ChatMessage) {
        self.init(
            room: Text(message.room), index: LogIndex(message.index),
            previous: LogIndex(message.previous), stamp: Stamp(message.stamp),
            sender: Text(message.sender), createdAt: message.createdAt, text: Text(message.text))
    }
}
