package import DequeModule
package import StateMachine

/// A request that waits in this server for the leader, or for its entry to be applied.
package struct Waiting: Equatable, Sendable {
    /// For whom.
    package enum Owner: Equatable, Sendable {
        case client(StreamID, request: UInt64?, after: LogIndex?)
        /// A peer whose relay is passed on to the leader.
        case peer(NodeID, id: UInt64)
        /// A linearizable page of history.
        case history(StreamID, request: UInt64?, HistoryRequest, reader: Text)
        /// This server's own admission.
        case admission
        /// An operator who changes the membership.
        case operating(StreamID, request: UInt64?)
    }

    /// How far it is.
    package enum State: Equatable, Sendable {
        case unsent
        case sent(to: NodeID)
        case placed(LogIndex, Epoch)
        /// Nothing has to be done for it, as of this index: it waits until that is applied.
        case settled(LogIndex)
    }

    package var owner: Owner
    package var request: RelayedRequest
    package var state: State
    package var since: Instant
    /// How often it was sent: then it may be applied although it is not placed.
    package var sends: UInt32 = 0

    /// Whether it may be sent again though it may have been taken: only what a session or
    /// its meaning keeps from being applied twice.
    package var isRepeatable: Bool {
        guard case .command(let command, _) = request else { return true }
        return command.request != nil
    }

    /// Whether it may be applied, now or later, although nobody said so.
    package var mayBeApplied: Bool {
        switch request {
        case .command, .membership: sends > 0
        case .readIndex, .admission: false
        }
    }

    /// Whether it is about who is a member.
    package var isOfMembers: Bool {
        switch request {
        case .admission, .membership: true
        case .command, .readIndex: false
        }
    }

    /// The session's number, for a request of one.
    package var sessionRequest: SessionRequest? {
        guard case .command(let command, _) = request else { return nil }
        return command.request
    }
}

/// The requests that wait in this server, by number in the order in which they came.
package struct WaitingTable: Equatable, Sendable {
    private var slots: Deque<Waiting?> = []
    private var firstID: UInt64
    /// How many wait.
    package private(set) var count = 0
    /// Placed requests, rising by the index of their entry.
    package private(set) var placed: Deque<PlacedRequest> = []

    package struct PlacedRequest: Equatable, Sendable {
        package var index: LogIndex
        package var id: UInt64
    }

    /// Numbers of one start are never those of another one: a late answer of the leader to a
    /// request from before a restart has to find nobody. So they begin anywhere below 2^52.
    package init(disk: DiskID, boot: Boot) {
        var mixed = disk.number &+ boot.number &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed &>> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
        firstID = (mixed ^ mixed &>> 31) & 0xF_FFFF_FFFF_FFFF + 1
    }

    /// A table before its server has started.
    package init() { firstID = 1 }

    /// The numbers in use, rising; some may have been answered.
    package var ids: Range<UInt64> { firstID..<(firstID + UInt64(slots.count)) }

    /// Adds a request. Returns its number.
    package mutating func add(_ waiting: Waiting) -> UInt64 {
        slots.append(waiting)
        count += 1
        return ids.upperBound - 1
    }

    /// The request of a number; nil where it was answered or never was.
    package subscript(id: UInt64) -> Waiting? {
        ids.contains(id) ? slots[Int(id - firstID)] : nil
    }

    /// Changes the state of a request.
    package mutating func set(_ state: Waiting.State, of id: UInt64) {
        guard ids.contains(id) else { return }
        slots[Int(id - firstID)]?.state = state
        if case .sent = state { slots[Int(id - firstID)]?.sends += 1 }
        let index: LogIndex
        switch state {
        case .placed(let place, _), .settled(let place): index = place
        case .unsent, .sent: return
        }
        var at = placed.count
        while at > 0, placed[at - 1].index > index { at -= 1 }
        placed.insert(PlacedRequest(index: index, id: id), at: at)
    }

    /// Planted bug X5: what one connection waits for goes to another one.
    package mutating func move(from former: StreamID, to stream: StreamID) {
        for slot in slots.indices {
            switch slots[slot]?.owner {
            case .client(former, let request, let after):
                slots[slot]?.owner = .client(stream, request: request, after: after)
            case .history(former, let request, let history, let reader):
                slots[slot]?.owner = .history(
                    stream, request: request, history, reader: reader)
            case .client, .history, .peer, .admission, .operating, nil: break
            }
        }
    }

    /// Takes out the first placed request at or before an index.
    package mutating func popPlaced(through index: LogIndex) -> UInt64? {
        guard let first = placed.first, first.index <= index else { return nil }
        placed.removeFirst()
        return first.id
    }

    /// Removes a request.
    @discardableResult
    package mutating func remove(_ id: UInt64) -> Waiting? {
        guard ids.contains(id), let waiting = slots[Int(id - firstID)] else { return nil }
        slots[Int(id - firstID)] = nil
        count -= 1
        while let first = slots.first, first == nil {
            slots.removeFirst()
            firstID += 1
        }
        return waiting
    }

    /// Forgets the places of requests that are to be sent again, or were answered.
    package mutating func forgetPlaces() {
        placed = placed.filter { entry in
            switch self[entry.id]?.state {
            case .placed, .settled: true
            case .unsent, .sent, nil: false
            }
        }
    }
}
