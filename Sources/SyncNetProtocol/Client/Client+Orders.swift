import DequeModule
import StateMachine

// What the owner asks for.
extension Client {
    mutating func take(
        _ input: ClientInput, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        guard link != .stopped else { return }
        switch input {
        case .servers(let list):
            servers = Array(list.prefix(Limits.membersMax))
            connect(into: &effects)
        case .join(let order, let room, let after, let isPrivate):
            guard follow(room, after: after, order: order, into: &effects) else { return }
            enqueue(
                isPrivate ? .makePrivate(room: room) : .join(room: room), order, now: now,
                into: &effects)
        case .invite(let order, let room, let guest):
            enqueue(.invite(room: room, guest: guest), order, now: now, into: &effects)
        case .leave(let order, let room):
            enqueue(.leave(room: room), order, now: now, into: &effects)
        case .say(let order, let room, let text):
            enqueue(.chat(room: room, text: text), order, now: now, into: &effects)
        case .history(let order, let request):
            ask(.history(request), order, into: &effects)
        case .discover(let order, let status):
            ask(.discovery(status: status), order, into: &effects)
        case .passwordDone, .passwordTurnedAway: return
        case .change(let order, let add, let id):
            ask(.membership(add: add, id: id), order, into: &effects)
        case .logIn(let password): logIn(with: password, into: &effects)
        case .quit:
            quit(into: &effects)
            return
        }
        pump(now: now, into: &effects)
    }

    /// Has the owner's room followed as soon as the join is answered.
    private mutating func follow(
        _ room: Text, after: LogIndex?, order: UInt64, into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard queue.count < Limits.queuedOrdersMax, fault(in: .join(room: room)) == nil else {
            return true  // refused by `enqueue`, with the reason
        }
        if let slot = rooms.slot(of: room) {
            rooms[slot].isLeaving = false
            return true
        }
        guard rooms.list.count < limits.subscriptions else {
            refuse(order, .overloaded, "too many rooms: leave one first", into: &effects)
            return false
        }
        rooms.insert(FollowedRoom(name: room, after: after))
        return true
    }

    private mutating func enqueue(
        _ action: Action, _ order: UInt64, now: ClockReading,
        into effects: inout Effects<SyncNet>
    ) {
        if let fault = fault(in: action) {
            refuse(order, fault.reason, fault.detail, into: &effects)
            return
        }
        guard queue.count < Limits.queuedOrdersMax else {
            let detail: Text = "too many orders wait for an answer: wait for some of them"
            refuse(order, .overloaded, detail, into: &effects)
            return
        }
        if case .leave(let room) = action, let slot = rooms.slot(of: room) {
            rooms[slot].isLeaving = true
        }
        if let room = action.joined, let slot = rooms.slot(of: room) {
            rooms[slot].joinOrdered()
        }
        let createdAt = now.wall.seconds
        queue.append(PendingOrder(order: order, action: action, createdAt: createdAt))
    }

    private mutating func ask(
        _ body: ClientRequestBody, _ order: UInt64, into effects: inout Effects<SyncNet>
    ) {
        if case .history(let request) = body, let fault = fault(in: request) {
            refuse(order, fault.reason, fault.detail, into: &effects)
            return
        }
        guard reads.count < Limits.pendingReadsMax else {
            let detail: Text = "too many questions wait for an answer: wait for some of them"
            refuse(order, .overloaded, detail, into: &effects)
            return
        }
        addRead(.owner(order), body)
    }

    /// Adds a read, and answers its number.
    @discardableResult
    mutating func addRead(_ purpose: PendingRead.Purpose, _ body: ClientRequestBody) -> UInt64 {
        let number = nextRead
        nextRead += 1
        reads.append(PendingRead(number: number, purpose: purpose, body: body))
        return number
    }

    func refuse(
        _ order: UInt64?, _ reason: NackReason, _ detail: Text,
        into effects: inout Effects<SyncNet>
    ) {
        guard let order else { return }
        effects.append(.output(.refused(order: order, reason, detail: detail)))
    }

    mutating func quit(into effects: inout Effects<SyncNet>) {
        if let connection = link.connection { effects.append(.close(connection.stream)) }
        link = .stopped
        queue.removeAll()
        reads.removeAll()
        rooms.removeAll()
        session = ClientSession(base: session.base, window: limits.sessionWindow)
        isWatching = false
        effects.append(.cancel(.answer))
        effects.append(.cancel(.reconnectClient))
    }
}
