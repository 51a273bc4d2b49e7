import StateMachine

// Finding a server, and leaving it.
extension Client {
    /// Connects to the first server, where there is one and no try is under way.
    mutating func connect(into effects: inout Effects<SyncNet>) {
        guard case .idle = link, let first = servers.first else { return }
        open(first, into: &effects)
    }

    mutating func opened(
        _ stream: StreamID, _ server: NodeID, now: ClockReading,
        into effects: inout Effects<SyncNet>
    ) {
        guard link == .opening(server) else {
            effects.append(.close(stream))
            return
        }
        link = .up(Connection(stream: stream, server: server, heardAt: now.monotonic))
        pauses = 0
        guard password == nil else {
            logIn(now: now, into: &effects)
            return
        }
        effects.append(.output(.connected(server)))
        pump(now: now, into: &effects)
    }

    mutating func failed(to server: NodeID, into effects: inout Effects<SyncNet>) {
        guard link == .opening(server) else { return }
        moveOn(from: server, into: &effects)
    }

    mutating func closed(_ stream: StreamID, into effects: inout Effects<SyncNet>) {
        guard let connection = link.connection, connection.stream == stream else { return }
        note(.clientMovedOn, into: &effects)
        disconnected(into: &effects)
        moveOn(from: connection.server, into: &effects)
    }

    /// Leaves a server that does not answer, or not with what is wanted.
    mutating func giveUp(_ connection: Connection, into effects: inout Effects<SyncNet>) {
        if !bugs.contains(.l3OrderByArrival) { effects.append(.close(connection.stream)) }
        disconnected(into: &effects)
        moveOn(from: connection.server, into: &effects)
    }

    /// Ends the session's connection, since late answers in it name numbers that mean
    /// something else in the new session, and connects to the same server anew.
    mutating func reconnect(into effects: inout Effects<SyncNet>) {
        guard let connection = link.connection else { return }
        effects.append(.close(connection.stream))
        disconnected(into: &effects)
        tryNext(connection.server, into: &effects)
    }

    mutating func tryAgain(now: ClockReading, into effects: inout Effects<SyncNet>) {
        switch link {
        case .waiting(let server): open(server, into: &effects)
        case .up(var connection):
            connection.isPaused = false
            link = .up(connection)
            pump(now: now, into: &effects)
        case .idle, .opening, .lockedOut, .stopped: break
        }
    }

    mutating func setCongested(_ stream: StreamID, _ isCongested: Bool) {
        guard var connection = link.connection, connection.stream == stream else { return }
        connection.isCongested = isCongested
        link = .up(connection)
    }

    /// Gives up a server that can't serve, for the next one.
    mutating func leaveServer(into effects: inout Effects<SyncNet>) {
        guard let connection = link.connection else { return }
        note(.clientLeftStuckServer, into: &effects)
        giveUp(connection, into: &effects)
    }

    /// A server that was quiet has given a sign, and said whether it knows a leader.
    ///
    /// Who asks for nothing is refused nothing: it would listen for ever at a server that is cut
    /// off from the others, while they serve whoever is elsewhere. Where none of them knows one,
    /// it goes round ever more slowly.
    mutating func heardSign(of aLeader: Bool, into effects: inout Effects<SyncNet>) {
        guard !aLeader, let connection = link.connection, servers.count > 1 else {
            leaderlessSigns = 0
            leaderlessLeavings = 0
            return
        }
        leaderlessSigns += 1
        guard leaderlessSigns >= Limits.leaderlessSignsLeast << leaderlessLeavings else { return }
        leaderlessSigns = 0
        leaderlessLeavings = min(leaderlessLeavings + 1, Limits.pauseDoublingsMax)
        note(.clientLeftLeaderless, into: &effects)
        giveUp(connection, into: &effects)
    }

    /// Stops sending for a while that grows; after too many such pauses, tries another server.
    mutating func pause(into effects: inout Effects<SyncNet>) {
        guard var connection = link.connection, !connection.isPaused else { return }
        guard pauses < Limits.pausesMax else {
            note(.clientPausedTooOften, into: &effects)
            giveUp(connection, into: &effects)
            return
        }
        pauses += 1
        connection.isPaused = true
        link = .up(connection)
        effects.append(.arm(.reconnectClient, within: pauseLength(after: pauses)))
    }

    /// The answer got somewhere: the next failure is the first one again.
    mutating func progressed() {
        failures = 0
        pauses = 0
        leaderlessSigns = 0
    }

    mutating func disconnected(into effects: inout Effects<SyncNet>) {
        link = .idle
        session.connectionLost()
        let skipped = bugs.contains(.p21ResumesAfterSeen) ? seen : nil
        for slot in rooms.list.indices where !bugs.contains(.p30FollowsNoMore) {
            rooms[slot].connectionLost(skippingTo: skipped)
        }
        leaderlessSigns = 0
        reads.removeAll { if case .owner = $0.purpose { false } else { true } }
        for slot in reads.indices { reads[slot].sentAt = nil }
        isWatching = false
        effects.append(.cancel(.answer))
        effects.append(.cancel(.reconnectClient))
        effects.append(.output(.disconnected))
    }

    private mutating func moveOn(from server: NodeID, into effects: inout Effects<SyncNet>) {
        link = .idle
        guard let first = servers.first else { return }
        let place = servers.firstIndex(of: server).map { ($0 + 1) % servers.count }
        tryNext(place.map { servers[$0] } ?? first, into: &effects)
    }

    /// The first try after a success is made at once, so that the death of a server costs
    /// no pause; the following ones keep from storming servers that can't help.
    private mutating func tryNext(_ server: NodeID, into effects: inout Effects<SyncNet>) {
        guard failures > 0 else {
            open(server, into: &effects)
            return
        }
        link = .waiting(server)
        effects.append(.arm(.reconnectClient, within: pauseLength(after: failures)))
    }

    private mutating func open(_ server: NodeID, into effects: inout Effects<SyncNet>) {
        failures = min(failures + 1, Limits.pauseDoublingsMax + 1)
        link = .opening(server)
        effects.append(.open(server))
    }

    private func pauseLength(after failures: UInt32) -> ClosedRange<Interval> {
        let doublings = min(failures - 1, Limits.pauseDoublingsMax)
        let shortest = timing.reconnect * (1 << UInt64(doublings))
        return shortest...shortest * 2
    }
}
