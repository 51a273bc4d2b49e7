package import StateMachine
package import SyncNetProtocol

/// A client that never trusts an answer to come: it sends every numbered request on two
/// connections to two servers, again and again until one answers, and once more afterwards.
///
/// The storm of retries that exactly once is promised for. It follows no room.
package struct StubbornClient: StateMachine {
    /// SyncNet's.
    package typealias Words = SyncNet

    private struct Request: Equatable, Sendable {
        var number: UInt64
        var order: UInt64
        var createdAt: Double
        var body: ClientRequestBody
    }

    private struct Connection: Equatable, Sendable {
        var server: NodeID
        var stream: StreamID
        /// How many answers had come when it was opened.
        var answers: UInt64
    }

    /// So often it sends again before it tries another server.
    private static let triesMost = 6
    /// After so many numbers it takes one of its connections to another server, though nothing is
    /// wrong with it: that one may lead no longer, and know nothing of the session.
    private static let wandersEvery: UInt64 = 4
    /// How many connections it wants at a time.
    private static let connectionsWanted = 2
    /// Reads are numbered from here, where no request of a session gets.
    private static let firstReadNumber: UInt64 = 1 << 40

    /// Who it is.
    package let me: NodeID
    let name: Text
    private let session: Text
    private let textMost: Int
    private let window: UInt64
    private let retry: Interval
    private var servers: [NodeID] = []
    private var next = 0
    private var connections: [Connection] = []
    private var opening: [NodeID] = []
    private var hasQuit = false
    private var stamp: UInt64 = 0
    /// How often the session began anew.
    private var generation: UInt64 = 0
    private var lastNumber: UInt64 = 0
    private var outstanding: [Request] = []
    private var reads: [Request] = []
    private var lastRead = firstReadNumber
    private var seen = LogIndex.zero
    /// How many numbers the servers have answered.
    private var answers: UInt64 = 0
    /// How often in a row it has sent again without an answer.
    private var tries = 0

    /// Makes a stubborn client, which sends again after a pause of at least `retry`.
    package init(
        me: NodeID, name: Text, session: Text, limits: Limits = Limits(), retry: Interval
    ) {
        self.me = me
        self.name = name
        self.session = session
        textMost = limits.textBytes
        window = UInt64(limits.sessionWindow)
        self.retry = retry
    }

    /// Takes an event.
    package mutating func handle(
        _ event: Event<SyncNet>, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        switch event {
        case .input(let input): asked(input, now, &effects)
        case .opened(let stream, let server): opened(stream, server, &effects)
        case .openFailed(let server, _):
            opening.removeAll { $0 == server }
            pause(&effects)
        case .message(let message, let stream):
            stamp = max(stamp, message.stamp.number) + 1
            guard connections.contains(where: { $0.stream == stream }),
                case .reply(let reply) = message.body
            else { return }
            answered(reply, on: stream, &effects)
        case .closed(let stream): closed(stream, &effects)
        case .timer(.reconnectClient): connect(&effects)
        case .timer(.answer): sendAgain(&effects)
        default: break
        }
    }

    private mutating func asked(
        _ input: ClientInput, _ now: ClockReading, _ effects: inout Effects<SyncNet>
    ) {
        switch input {
        case .servers(let servers):
            self.servers = servers
            connect(&effects)
        case .join(let order, let room, let after, let isPrivate):
            let body = ClientRequestBody.createJoin(
                room: room, after: after, isPrivate: isPrivate)
            number(order, body, now, &effects)
        case .invite(let order, let room, let guest):
            number(order, .invite(room: room, guest: guest), now, &effects)
        case .leave(let order, let room): number(order, .leave(room: room), now, &effects)
        case .say(let order, _, let text) where text.utf8.count > textMost:
            // It would use up a number that can't be used.
            effects.append(.output(.refused(order: order, .tooLarge, detail: "too long")))
        case .say(let order, let room, let text):
            number(order, .chat(room: room, text: text), now, &effects)
        case .history(let order, let history): read(order, .history(history), now, &effects)
        case .discover(let order, let status):
            read(order, .discovery(status: status), now, &effects)
        case .passwordDone, .passwordTurnedAway, .logIn: break
        case .change(let order, let add, let id):
            read(order, .membership(add: add, id: id), now, &effects)
        case .quit:
            hasQuit = true
            outstanding.removeAll()
            reads.removeAll()
            for connection in connections { effects.append(.close(connection.stream)) }
            connections.removeAll()
        }
    }
}

// Requests of the session.
extension StubbornClient {
    private var sessionName: Text {
        generation == 0 ? session : Text(utf8: session.utf8 + Array("'\(generation)".utf8))
    }

    private mutating func number(
        _ order: UInt64, _ body: ClientRequestBody, _ now: ClockReading,
        _ effects: inout Effects<SyncNet>
    ) {
        // The servers keep no more answers than that.
        guard lastNumber + 1 - (outstanding.first?.number ?? lastNumber + 1) < window else {
            let detail: Text = "too many requests wait"
            return effects.append(.output(.refused(order: order, .overloaded, detail: detail)))
        }
        lastNumber += 1
        let request = Request(
            number: lastNumber, order: order, createdAt: now.wall.seconds, body: body)
        outstanding.append(request)
        for connection in connections { send(request, sessionName, connection.stream, &effects) }
        watch(&effects)
    }

    private mutating func send(
        _ request: Request, _ session: Text?, _ stream: StreamID,
        _ effects: inout Effects<SyncNet>
    ) {
        stamp += 1
        var body = request.body
        if case .history(var history) = body {
            history.seen = max(history.seen, seen)
            body = .history(history)
        }
        let words = ClientRequest(
            sender: name, createdAt: request.createdAt, session: session,
            request: request.number, body: body)
        effects.append(.send(Message(stamp: Stamp(stamp), body: .request(words)), on: stream))
    }

    private mutating func sendAgain(_ effects: inout Effects<SyncNet>) {
        guard !hasQuit else { return }
        for connection in connections {
            for request in outstanding {
                send(request, sessionName, connection.stream, &effects)
            }
            for read in reads { send(read, nil, connection.stream, &effects) }
        }
        guard !outstanding.isEmpty || !reads.isEmpty else { return }
        watch(&effects)
        tries += 1
        if tries % Self.triesMost == 0 { wander(&effects) }
    }

    private mutating func wander(_ effects: inout Effects<SyncNet>) {
        guard let former = connections.first else { return }
        connections.removeFirst()
        effects.append(.close(former.stream))
        pause(&effects)
    }

    /// Stubborn, not stupid: a cluster that is slow gets more time with every try.
    private func watch(_ effects: inout Effects<SyncNet>) {
        let pause = retry * (1 << UInt64(min(tries / 2, 3)))
        effects.append(.arm(.answer, within: pause...pause * 4))
    }

    /// What it still waits for may have been done; the next request begins another session, on
    /// other connections: on the old ones, answers to the old numbers are under way.
    private mutating func startAnew(_ effects: inout Effects<SyncNet>) {
        for request in outstanding {
            let detail: Text = "the session was given up"
            effects.append(.output(.refused(order: request.order, .unknownOutcome, detail: detail)))
        }
        outstanding.removeAll()
        generation += 1
        lastNumber = 0
        for connection in connections { effects.append(.close(connection.stream)) }
        connections.removeAll()
        pause(&effects)
    }
}

// Answers.
extension StubbornClient {
    private mutating func answered(
        _ reply: ClientReply, on stream: StreamID, _ effects: inout Effects<SyncNet>
    ) {
        switch reply {
        case .done(let number?, _, let index):
            seen = max(seen, index)
            guard let request = take(number) else { return }
            effects.append(.output(.done(order: request.order, index)))
            // Number 1 of a session that was forgotten meanwhile would begin it anew.
            if number > 1, number % 3 == 0 { send(request, sessionName, stream, &effects) }
            if number % Self.wandersEvery == 2 { wander(&effects) }
        case .nack(let number?, let reason, let detail):
            refused(number, reason, detail, on: stream, &effects)
        case .history(let number?, let page):
            seen = max(seen, page.messages.last?.index ?? .zero)
            guard let read = takeRead(number) else { return }
            effects.append(.output(.page(order: read.order, page)))
        case .servers(let number?, let servers, let status, _):
            guard let read = takeRead(number) else { return }
            effects.append(.output(.servers(order: read.order, servers, status)))
        case .pushed(let message): seen = max(seen, message.index)
        default: break
        }
    }

    /// Only what is final ends the tries.
    private mutating func refused(
        _ number: UInt64, _ reason: NackReason, _ detail: Text, on stream: StreamID,
        _ effects: inout Effects<SyncNet>
    ) {
        guard number < Self.firstReadNumber else {
            let final: [NackReason] = [
                .badRequest, .tooLarge, .unknownOutcome, .notAMember, .notJoined, .notReady,
            ]
            guard final.contains(reason), let read = takeRead(number) else { return }
            return effects.append(
                .output(.refused(order: read.order, reason, detail: detail)))
        }
        guard outstanding.contains(where: { $0.number == number }) else { return }
        switch reason {
        case .notJoined, .notAMember, .roomIsOpen:
            guard let request = take(number) else { return }
            effects.append(.output(.refused(order: request.order, reason, detail: detail)))
        // With the first number unanswered, its session may be about to begin.
        case .unknownSession where number == 1 || outstanding[0].number == 1: break
        // On a connection from before the last answer it may be a copy's that came before the
        // first number was applied: asked again on a new one, the servers say what holds now.
        case .unknownSession
        where connections.contains { $0.stream == stream && $0.answers < answers }:
            effects.append(.close(stream))
            closed(stream, &effects)
        case .badRequest, .tooLarge, .unknownSession: startAnew(&effects)
        default: break
        }
    }

    private mutating func take(_ number: UInt64) -> Request? {
        guard let place = outstanding.firstIndex(where: { $0.number == number }) else {
            return nil
        }
        tries = 0
        answers += 1
        return outstanding.remove(at: place)
    }

    private mutating func takeRead(_ number: UInt64) -> Request? {
        guard let place = reads.firstIndex(where: { $0.number == number }) else { return nil }
        tries = 0
        return reads.remove(at: place)
    }

    private mutating func read(
        _ order: UInt64, _ body: ClientRequestBody, _ now: ClockReading,
        _ effects: inout Effects<SyncNet>
    ) {
        lastRead += 1
        let request = Request(
            number: lastRead, order: order, createdAt: now.wall.seconds, body: body)
        reads.append(request)
        for connection in connections { send(request, nil, connection.stream, &effects) }
        watch(&effects)
    }
}

// Connections.
extension StubbornClient {
    private mutating func connect(_ effects: inout Effects<SyncNet>) {
        guard !hasQuit else { return }
        for _ in servers.indices {
            guard connections.count + opening.count < Self.connectionsWanted else { return }
            let server = servers[next % servers.count]
            next += 1
            let isKnown =
                opening.contains(server) || connections.contains { $0.server == server }
            if isKnown { continue }
            opening.append(server)
            effects.append(.open(server))
        }
    }

    private mutating func opened(
        _ stream: StreamID, _ server: NodeID, _ effects: inout Effects<SyncNet>
    ) {
        opening.removeAll { $0 == server }
        guard !hasQuit else { return effects.append(.close(stream)) }
        connections.append(Connection(server: server, stream: stream, answers: answers))
        for request in outstanding { send(request, sessionName, stream, &effects) }
        for read in reads { send(read, nil, stream, &effects) }
    }

    private mutating func closed(_ stream: StreamID, _ effects: inout Effects<SyncNet>) {
        guard connections.contains(where: { $0.stream == stream }) else { return }
        connections.removeAll { $0.stream == stream }
        pause(&effects)
    }

    private func pause(_ effects: inout Effects<SyncNet>) {
        effects.append(.arm(.reconnectClient, within: retry...retry * 2))
    }
}
