import StateMachine
import SyncNetProtocol

/// What the servers together are to a client, written from the requirements and nothing else:
/// one log, a table of sessions, and rooms.
struct ModelCluster {
    struct Session {
        var name: Text
        var last: UInt64 = 0
        /// The answers to the last numbers, oldest first.
        var answers: [ClientReply] = []
    }

    let window = Limits().sessionWindow
    /// What stands in the log; nil for what is no message.
    private(set) var log: [RoomMessage?] = []
    private(set) var members: [(room: Text, name: Text)] = []
    private(set) var sessions: [Session] = []
    /// Where each join was first applied.
    private(set) var joins: [(room: Text, index: LogIndex)] = []

    var last: LogIndex { LogIndex(UInt64(log.count)) }

    func messages(of room: Text, after: LogIndex, through: LogIndex) -> [RoomMessage] {
        guard through > after else { return [] }
        return log[Int(after.number)..<Int(through.number)].compactMap { message in
            message.flatMap { $0.room == room ? $0 : nil }
        }
    }

    /// Somebody else says something.
    mutating func chatter(_ room: Text) { append(room, sender: "bob", text: "…") }

    mutating func forget(_ slot: Int) { sessions.remove(at: slot) }

    /// Applies a write, or answers why not.
    mutating func apply(_ request: ClientRequest) -> ClientReply {
        guard let name = request.session, let number = request.request else {
            return .nack(request: request.request, .badRequest, detail: "no session")
        }
        var slot = sessions.firstIndex { $0.name == name }
        if slot == nil, number == 1 {
            sessions.append(Session(name: name))
            slot = sessions.count - 1
        }
        guard let slot else { return .nack(request: number, .unknownSession, detail: "") }
        let session = sessions[slot]
        guard number <= session.last + 1 else { return .nack(request: number, .gap, detail: "") }
        if number <= session.last {
            let age = Int(session.last - number)
            guard age < session.answers.count else {
                return .nack(request: number, .unknownOutcome, detail: "")
            }
            return session.answers[session.answers.count - 1 - age]
        }
        let answer = perform(request, number)
        sessions[slot].last = number
        sessions[slot].answers.append(answer)
        if sessions[slot].answers.count > window { sessions[slot].answers.removeFirst() }
        return answer
    }

    private mutating func perform(_ request: ClientRequest, _ number: UInt64) -> ClientReply {
        switch request.body {
        case .createJoin(let room, _, _):
            log.append(nil)
            if !isMember(request.sender, of: room) {
                members.append((room, request.sender))
                joins.append((room, last))
            }
            return .done(request: number, room: room, index: last)
        case .leave(let room):
            log.append(nil)
            members.removeAll { $0.room == room && $0.name == request.sender }
            return .done(request: number, room: room, index: last)
        case .chat(let room, let text):
            guard isMember(request.sender, of: room) else {
                log.append(nil)
                return .nack(request: number, .notJoined, detail: "")
            }
            append(room, sender: request.sender, text: text)
            return .done(request: number, room: room, index: last)
        default: return .nack(request: number, .badRequest, detail: "")
        }
    }

    private func isMember(_ name: Text, of room: Text) -> Bool {
        members.contains { $0.room == room && $0.name == name }
    }

    private mutating func append(_ room: Text, sender: Text, text: Text) {
        let previous = messages(of: room, after: .zero, through: last).last?.index ?? .zero
        log.append(
            RoomMessage(
                room: room, index: last.next, previous: previous, stamp: Stamp(last.number + 1),
                sender: sender, createdAt: 1, text: text))
    }
}
