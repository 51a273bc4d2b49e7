import StateMachine
import SyncNetProtocol

/// Judges how servers take each other for dead, each on its own clock.
///
/// Law: a peer from which nothing fresh comes is suspected once the time of death and one
/// interval of heartbeats are over, and as the last heartbeat took at most one delay, a crash
/// is found within timeout + interval + delay. Nobody is suspected who was heard within the
/// time of death, unless he left a probe unanswered; and who is heard again is trusted.
struct DetectionJudge {
    /// What one server has heard of another one.
    private struct Watch {
        /// When something fresh was taken last.
        var heard = Instant.zero
        /// The same, also of what may have been taken.
        var mayHaveHeard = Instant.zero
        var disk: DiskID?
        var formerDisks: [DiskID] = []
        /// What the watching server had asked last when it noted that disk, by its own clock.
        var diskNotedAt = Instant.zero
        var boot: UInt64 = 0
        var sequence: UInt64 = 0
        /// When the first question went out that has no answer yet.
        var askedAt: Instant?
        var isSuspected = false
    }

    /// A sign of life that a server has got and not taken.
    private struct Parked {
        var server: Int
        var peer: Int
        var heartbeat: Heartbeat
        var answers: HeartbeatAnswer?
        var at: Instant
    }

    private let servers: Int
    private let death: Interval
    private let heartbeat: Interval
    private let limit: Interval
    private let probing: Interval
    private var watches: [Watch]
    private var boots: [Boot]
    /// Since when a server watches others; nil before it takes part.
    private var isWatching: [Bool]
    private var isPaused: [Bool]
    /// Servers whose clocks do not count true time: nothing is demanded of them.
    private var isUntrue: [Bool]
    /// When a server that stood still is late at the earliest.
    private var grace: [Instant]
    /// Before this moment a server can't be late with anybody.
    private var deadline: [Instant]
    /// The last moment that each server has told in a heartbeat, by its own clock.
    private var lastAsked: [Instant]
    private var parked: [Parked] = []
    /// Until when it is not known from outside what a server has taken: it kept messages
    /// back, and took them at a moment of its own.
    private var unsureUntil: [Instant]
    private var fresh: (server: Int, peer: Int)?

    init(servers: Int, timing: Timing) {
        self.servers = servers
        death = timing.death
        heartbeat = timing.heartbeat
        limit = timing.death + timing.heartbeat
        probing = timing.probe * UInt64(timing.probeTries)
        watches = Array(repeating: Watch(), count: servers * servers)
        boots = Array(repeating: Boot(0), count: servers)
        lastAsked = Array(repeating: .zero, count: servers)
        isWatching = Array(repeating: false, count: servers)
        isPaused = Array(repeating: false, count: servers)
        isUntrue = Array(repeating: false, count: servers)
        grace = Array(repeating: .zero, count: servers)
        deadline = Array(repeating: .zero, count: servers)
        unsureUntil = Array(repeating: .zero, count: servers)
    }

    mutating func started(_ server: NodeID, boot: Boot) {
        let slot = Int(server.rank)
        boots[slot] = boot
        isWatching[slot] = false
        lastAsked[slot] = .zero
        parked.removeAll { $0.server == slot }
        for peer in 0..<servers { watches[slot * servers + peer] = Watch() }
    }

    mutating func down(_ server: NodeID) {
        isWatching[Int(server.rank)] = false
        isPaused[Int(server.rank)] = false
    }

    mutating func paused(_ server: NodeID) { isPaused[Int(server.rank)] = true }

    /// A server goes on: its timer is late by as long as it stood still.
    mutating func resumed(_ server: NodeID, at now: Instant) {
        isPaused[Int(server.rank)] = false
        grace[Int(server.rank)] = now + heartbeat
    }

    /// The clock of a server does not count true time any more.
    mutating func excuse(_ server: NodeID) { isUntrue[Int(server.rank)] = true }

    private func isExcused(_ slot: Int) -> Bool { isPaused[slot] || isUntrue[slot] }

    /// A message arrived; `isTaken`: the server takes it at once.
    @inline(__always)
    mutating func arrived(
        _ body: Body, from peer: NodeID, at server: NodeID, isTaken: Bool, now: Instant
    ) {
        let sign: (heartbeat: Heartbeat, answers: HeartbeatAnswer?)
        switch body {
        case .heartbeat(let heartbeat): sign = (heartbeat, nil)
        case .heartbeatAnswer(let answer): sign = (answer.heartbeat, answer)
        default: return
        }
        let slot = Int(server.rank)
        guard isWatching[slot], Int(peer.rank) < servers else { return }
        let life = Parked(
            server: slot, peer: Int(peer.rank), heartbeat: sign.heartbeat,
            answers: sign.answers, at: now)
        if isTaken { return take(life, now) }
        parked.append(life)
        unsureUntil[slot] = now + limit
        watches[slot * servers + Int(peer.rank)].mayHaveHeard = now
    }

    /// A server takes what it kept, at the latest. It may have done so before: so it is held to
    /// have heard of it as late, and to have waited for it as long, as is possible.
    mutating func releases(_ server: NodeID, now: Instant) {
        guard !parked.isEmpty else { return }
        for life in parked where life.server == Int(server.rank) {
            take(life, now)
            unsureUntil[life.server] = now + limit
        }
        parked.removeAll { $0.server == Int(server.rank) }
    }

    private mutating func take(_ life: Parked, _ now: Instant) {
        let place = life.server * servers + life.peer
        let heartbeat = life.heartbeat
        if let answered = life.answers {
            guard answered.echoedBoot == boots[life.server] else { return }
            if let asked = watches[place].askedAt, asked <= life.at {
                watches[place].askedAt = nil
            }
            // What was asked later than a disk was noted, the present one answers.
            if answered.echo > watches[place].diskNotedAt {
                watches[place].formerDisks.removeAll { $0 == heartbeat.disk }
            }
        }
        if heartbeat.disk != watches[place].disk,
            !watches[place].formerDisks.contains(heartbeat.disk)
        {
            if let disk = watches[place].disk { watches[place].formerDisks.append(disk) }
            watches[place].disk = heartbeat.disk
            watches[place].diskNotedAt = lastAsked[life.server]
            watches[place].boot = 0
        }
        let isNewer =
            heartbeat.boot.number > watches[place].boot
            || heartbeat.boot.number == watches[place].boot
                && heartbeat.sequence > watches[place].sequence
        guard heartbeat.disk == watches[place].disk, isNewer else { return }
        if watches[place].boot > 0, heartbeat.boot.number > watches[place].boot,
            let asked = watches[place].askedAt, asked <= life.at
        {
            // A peer that was heard before has started again: it is asked anew.
            watches[place].askedAt = nil
        }
        watches[place].boot = heartbeat.boot.number
        watches[place].sequence = heartbeat.sequence
        watches[place].heard = max(watches[place].heard, life.at)
        watches[place].mayHaveHeard = now
        fresh = (life.server, life.peer)
    }

    /// A server sends a heartbeat: with its first one it begins to watch the others.
    @inline(__always)
    mutating func sent(_ body: Body, to peer: NodeID, by server: NodeID, now: Instant) {
        let slot = Int(server.rank)
        if case .heartbeatAnswer(let answer) = body {
            lastAsked[slot] = max(lastAsked[slot], answer.heartbeat.sentAt)
        }
        guard case .heartbeat(let heartbeat) = body, Int(peer.rank) < servers else { return }
        lastAsked[slot] = max(lastAsked[slot], heartbeat.sentAt)
        if !isWatching[slot] {
            isWatching[slot] = true
            deadline[slot] = now
            for other in 0..<servers {
                watches[slot * servers + other].heard = now
                watches[slot * servers + other].mayHaveHeard = now
            }
        }
        let place = slot * servers + Int(peer.rank)
        guard heartbeat.wantsAnswer, watches[place].askedAt == nil else { return }
        watches[place].askedAt = now
    }

    mutating func suspected(_ peer: NodeID, by server: NodeID, now: Instant) -> Breach? {
        let place = Int(server.rank) * servers + Int(peer.rank)
        guard Int(peer.rank) < servers else { return nil }
        watches[place].isSuspected = true
        let watch = watches[place]
        guard isWatching[Int(server.rank)], !isExcused(Int(server.rank)),
            now > unsureUntil[Int(server.rank)]
        else { return nil }
        let silence = now.since(watch.heard)
        if silence > death { return nil }
        if let asked = watch.askedAt, now.since(asked) >= probing { return nil }
        let detail =
            "\(server.name) takes \(peer.name) for dead, which it heard "
            + "\(silence.nanoseconds / 1_000_000) ms ago and has not asked in vain"
        return Breach(.accuracy, detail)
    }

    mutating func trusted(_ peer: NodeID, by server: NodeID) {
        guard Int(peer.rank) < servers else { return }
        watches[Int(server.rank) * servers + Int(peer.rank)].isSuspected = false
    }

    /// A server's event is over: is it late with somebody?
    @inline(__always)
    mutating func over(_ server: NodeID, now: Instant) -> Breach? {
        let slot = Int(server.rank)
        if fresh == nil, now <= deadline[slot] { return nil }
        return look(slot, now)
    }

    private mutating func look(_ slot: Int, _ now: Instant) -> Breach? {
        if let (server, peer) = fresh {
            fresh = nil
            if watches[server * servers + peer].isSuspected, now > unsureUntil[server] {
                let detail =
                    "\(NodeID(UInt32(server)).name) has heard \(NodeID(UInt32(peer)).name) and "
                    + "takes it for dead all the same"
                return Breach(.accuracy, detail)
            }
        }
        guard isWatching[slot], !isExcused(slot), now > deadline[slot], now > grace[slot] else {
            return nil
        }
        var next = now + limit
        for peer in 0..<servers where peer != slot {
            let watch = watches[slot * servers + peer]
            guard !watch.isSuspected else { continue }
            let silence = now.since(watch.mayHaveHeard)
            guard silence <= limit else {
                let late = silence.nanoseconds / 1_000_000
                let detail =
                    "\(NodeID(UInt32(slot)).name) has heard nothing fresh of "
                    + "\(NodeID(UInt32(peer)).name) for \(late) ms, and does not take it for "
                    + "dead: \(limit.nanoseconds / 1_000_000) ms are the most"
                return Breach(.detectionBound, detail)
            }
            next = min(next, watch.mayHaveHeard + limit)
        }
        deadline[slot] = next
        return nil
    }
}
