import DequeModule
import StateMachine

extension Client {
    /// Ends the program where the client's own state contradicts itself.
    func checkInvariants() {
        checkBounds()
        session.checkInvariants()
        checkLink()
    }

    private func checkBounds() {
        let rejoins = limits.subscriptions
        let queuedMax = Limits.queuedOrdersMax + limits.sessionWindow + rejoins
        precondition(queue.count <= queuedMax, "\(queue.count) orders are queued")
        let readsMax = Limits.pendingReadsMax + limits.subscriptions + 1
        precondition(reads.count <= readsMax, "\(reads.count) reads are pending")
        precondition(
            rooms.list.count <= limits.subscriptions, "\(rooms.list.count) rooms are followed")
    }

    private func checkLink() {
        switch link {
        case .up: break
        case .idle, .waiting, .opening, .lockedOut:
            precondition(session.sentThrough == 0, "sent without a connection")
            precondition(!isWatching, "waits for answers without a connection")
        case .stopped:
            precondition(queue.isEmpty && reads.isEmpty, "stopped with something to do")
            precondition(!isWatching, "stopped, but waits for answers")
        }
    }
}

extension ClientSession {
    /// Ends the program where the numbering contradicts itself.
    func checkInvariants() {
        guard let first = outstanding.first, let last = outstanding.last else { return }
        precondition(last.number < next, "\(last.number) was not given out: next is \(next)")
        precondition(next - first.number <= window, "\(first.number) is outside the window")
        precondition(sentThrough < next, "\(sentThrough) was sent: next is \(next)")
    }
}
