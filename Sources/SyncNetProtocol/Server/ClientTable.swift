package import StateMachine

/// A client's connection.
package struct ClientConnection: Equatable, Sendable {
    /// The stream.
    package var stream: StreamID
    /// Whether more waits to leave than the world wants to keep.
    package var isCongested = false
    /// The rooms that it follows.
    package var subscriptions: [Subscription] = []
    /// Who has logged in on it.
    package var login = Login()
    package init(stream: StreamID) { self.stream = stream }
}

/// A connection follows a room.
package struct Subscription: Equatable, Sendable {
    /// The room.
    package var room: Text
    /// Who joined it on the connection.
    package var reader: Text
    /// The last message that was sent on the connection, or after which it begins.
    package var cursor: LogIndex
    /// Where the latest join stands in the log.
    package var joinedAt: LogIndex
    /// Whether everything after `cursor` is still to be applied, so that messages are sent as
    /// they are; otherwise the next ones come from the journal.
    package var isLive: Bool
    /// Whether a page is on its way from the journal.
    package var isFetching = false
}

/// What becomes of an applied message on a connection that follows its room.
package enum Push: Equatable, Sendable {
    /// It goes out now.
    case sent
    /// It has to come from the journal, when the connection has room again.
    case fellBehind
    /// It was sent already, or comes from the journal.
    case notLive
}

/// A page of history that waits until this server has applied what it has to show.
package struct WaitingPage: Equatable, Sendable {
    package var stream: StreamID
    package var request: UInt64?
    package var history: HistoryRequest
    package var reader: Text
    package var needs: LogIndex
    package var since: Instant
    package var isLinearizable: Bool
}

/// The clients of this server, by stream.
package struct ClientTable: Equatable, Sendable {
    private var connections: [ClientConnection] = []
    /// Pages that wait.
    package var reads: [WaitingPage] = []

    package init() {}

    /// How many are connected.
    package var count: Int { connections.count }

    /// Their streams, rising.
    package var streams: [StreamID] { connections.map(\.stream) }

    /// How many rooms they follow, each connection for itself.
    package var subscriptions: Int { connections.reduce(0) { $0 + $1.subscriptions.count } }

    private func slot(of stream: StreamID) -> Int? {
        var low = 0
        var high = connections.count
        while low < high {
            let middle = (low + high) / 2
            if connections[middle].stream < stream { low = middle + 1 } else { high = middle }
        }
        return low < connections.count && connections[low].stream == stream ? low : nil
    }

    /// Whether a stream is a client's.
    package func contains(_ stream: StreamID) -> Bool { slot(of: stream) != nil }

    /// Adds a connection. Streams need not come in the order of their numbers, though mostly
    /// they do.
    package mutating func add(_ stream: StreamID) {
        var slot = connections.count
        while slot > 0, stream < connections[slot - 1].stream { slot -= 1 }
        connections.insert(ClientConnection(stream: stream), at: slot)
    }

    /// A connection, changed in place.
    package subscript(stream: StreamID) -> ClientConnection? {
        get { slot(of: stream).map { connections[$0] } }
        _modify {
            guard let slot = slot(of: stream) else {
                var none: ClientConnection?
                yield &none
                return
            }
            var connection: ClientConnection? = connections[slot]
            connections[slot].subscriptions = []
            defer { if let connection { connections[slot] = connection } }
            yield &connection
        }
    }

    /// Notes that a message of a room was applied, in place: this is done for every message
    /// and every connection that follows.
    package mutating func push(
        _ index: LogIndex, in room: Text, on stream: StreamID, isFull: Bool
    ) -> Push {
        guard let slot = slot(of: stream),
            let at = connections[slot].subscriptions.firstIndex(where: { $0.room == room })
        else { return .notLive }
        guard connections[slot].subscriptions[at].isLive,
            index > connections[slot].subscriptions[at].cursor
        else { return .notLive }
        guard !connections[slot].isCongested, !isFull else {
            connections[slot].subscriptions[at].isLive = false
            return .fellBehind
        }
        connections[slot].subscriptions[at].cursor = index
        return .sent
    }

    /// Removes a connection. Returns what it followed.
    package mutating func remove(_ stream: StreamID) -> [Subscription] {
        guard let slot = slot(of: stream) else { return [] }
        reads.removeAll { $0.stream == stream }
        return connections.remove(at: slot).subscriptions
    }
}
