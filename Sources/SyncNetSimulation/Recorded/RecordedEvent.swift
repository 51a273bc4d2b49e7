package import StateMachine
package import SyncNetProtocol

/// Something that a client of a real cluster asked or was told.
package struct RecordedEvent: Equatable, Sendable {
    /// What it was.
    package enum Kind: Equatable, Sendable {
        /// The client begins, or begins anew with a session of its own: whatever it had asked
        /// before may still be done.
        case began
        /// It asks to say something; nobody ever says the same again.
        case says(order: UInt64, room: Text, text: Text)
        /// It asks for a page.
        case reads(order: UInt64, HistoryRequest)
        /// What it said is acknowledged.
        case done(order: UInt64, at: LogIndex)
        /// It gets its page.
        case page(order: UInt64, HistoryPage)
        /// It is told that nothing was done.
        case refused(order: UInt64, NackReason)
        /// Nobody will ever tell it whether that was done.
        case unknown(order: UInt64)
        /// It is shown a message of a room that it follows.
        case shown(RoomMessage)
        /// It is told what no server may say: nobody can read it, or it answers something else.
        case flaw(String)
    }

    /// When, since the run began.
    package var at: Interval
    /// Which client; of those that ever live, each has one.
    package var client: NodeID
    /// What it is called.
    package var name: Text
    /// What it was.
    package var kind: Kind

    /// Makes an event.
    package init(at: Interval, client: NodeID, name: Text, _ kind: Kind) {
        self.at = at
        self.client = client
        self.name = name
        self.kind = kind
    }
}

extension RecordedEvent: CustomStringConvertible {
    /// One line for people.
    package var description: String {
        let micros = at.nanoseconds / 1_000
        let fraction = String(1_000_000 + micros % 1_000_000).dropFirst()
        return "\(micros / 1_000_000).\(fraction) \(name.string) \(words)"
    }

    private var words: String {
        switch kind {
        case .began: "begins"
        case .says(let order, let room, let text):
            "#\(order) says in \(room.string): \(text.string)"
        case .reads(let order, let request):
            "#\(order) reads \(request.room.string)"
                + (request.after.map { " after \($0.number)" } ?? "")
                + (request.isLinearizable ? ", linearizable" : "")
        case .done(let order, let index): "#\(order) is done at \(index.number)"
        case .page(let order, let page):
            "#\(order) gets \(page.messages.map { "\($0.index.number)" }.joined(separator: " "))"
                + (page.hasMore ? " and there is more" : "")
        case .refused(let order, let reason): "#\(order) is refused: \(reason.word)"
        case .unknown(let order): "#\(order) will never be answered"
        case .shown(let message):
            "is shown \(message.index.number) of \(message.room.string) after "
                + "\(message.previous.number): \(message.text.string)"
        case .flaw(let what): "is told what no server may say: \(what)"
        }
    }
}
