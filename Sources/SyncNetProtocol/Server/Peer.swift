package import DequeModule
package import StateMachine

/// What a server knows of another one.
package struct Peer: Equatable, Sendable {
    /// When it last asked who is there; nil for never.
    package var introducedAt: Instant?
    /// The stream on which this server sends to it.
    package enum Outgoing: Equatable, Sendable {
        case closed
        case opening
        case open(StreamID)
    }

    // What every heartbeat touches stands together: in a big cluster it is in no cache.
    /// When a fresh heartbeat came last; the start counts as one.
    package var lastHeard: Instant
    /// Its newest boot, and the newest heartbeat of that boot.
    package var boot = Boot(0)
    package var sequence: UInt64 = 0
    /// How many heartbeats that nobody had asked for came since this server's own timer had fired
    /// so often.
    package var ticks: UInt32 = 0
    package var ticksSince: UInt32 = 0
    /// The disk of that boot.
    package var disk: DiskID?
    /// Whether any came since the start.
    package var wasHeard = false
    /// Whether it is taken for dead.
    package var isSuspected = false
    /// Whether it left the last probes unanswered, and has answered nothing since.
    package var missedProbes = false
    /// Whether it lives and does not hear this server: it answers nothing, and its
    /// heartbeats come all the same.
    package var isUnhearing = false
    /// Whether it said that its disk is new and does not count yet.
    package var isRecovering = false
    /// Whether it said in this boot that it is not: in version 1 of the format nobody can.
    package var saidItCounts = false
    /// Whether it belongs to another cluster.
    package var isForeign = false
    /// Until when nothing is expected of it in elections, for it answered no direct question.
    package var votelessUntil = Instant.zero
    /// Its commit index, as it told.
    package var commit = LogIndex.zero
    /// Its disks before that one: a wiped server counts its boots from 1 again, and words of each
    /// former disk may still be under way.
    package var formerDisks: [DiskID] = []
    /// When this server had asked anybody last, as it noted that disk.
    package var diskNotedAt = Instant.zero
    /// When it was asked last which disk is there; nil for never.
    package var diskAskedAt: Instant?
    /// How many probes it may still leave unanswered, while it is being probed.
    package var probesLeft: UInt32?
    /// When the first of these probes went out.
    package var probedAt = Instant.zero
    /// Until when tokens go round it, for it took none.
    package var passedOverUntil = Instant.zero
    /// The stream on which this server sends to it.
    package var outgoing = Outgoing.closed
    /// The newest stream that it opened to this server.
    package var incoming: StreamID?
    /// When there were streams to and from it last, as far as was looked; at first the start.
    package var streamedAt: Instant
    /// How often in a row it knew no leader to whom it could pass on what it was asked.
    package var relaysRefused: UInt32 = 0
    /// Failed attempts to open a stream in a row.
    package var openFailures: UInt32 = 0

    package init(now: Instant) {
        lastHeard = now
        streamedAt = now
    }

    /// The stream to send on, where it is open.
    package var stream: StreamID? {
        guard case .open(let stream) = outgoing else { return nil }
        return stream
    }
}

/// How far a follower's log is known to be its feeder's.
package struct Progress: Equatable, Sendable {
    /// The next entry to send.
    package var next: LogIndex
    /// The follower's log is durable, and the feeder's, up to here.
    package var match = LogIndex.zero
    /// The last indices of the appends without an answer, oldest first.
    package var inFlight: Deque<LogIndex> = []
    /// Whether `next` is a guess, so that only one append is risked.
    package var isProbing = true
    /// Whether the follower is to be asked where it is, even with nothing to send.
    package var needsProbe = true
    /// Whether entries are on their way from the journal.
    package var isFetching = false
    /// The commit index sent last.
    package var commitSent = LogIndex.zero
    /// The disk that answered last.
    package var disk: DiskID?
    /// When what it answered last was sent, by the feeder's clock.
    package var contact = Instant.zero
    /// When an append was sent last.
    package var sentAt = Instant.zero

    /// How often in a row it was restarted for want of an answer on an open stream.
    package var nudges: UInt32 = 0

    package init(next: LogIndex) { self.next = next }

    /// How long to wait for an answer on an open stream before what was sent is sent again.
    ///
    /// A slow stream is no lost one: each copy that is sent again is answered, and each answer
    /// asks for more. So the pause doubles with every nudge, up to the death time.
    package func patience(_ timing: Timing) -> Interval {
        min(timing.heartbeat * (1 << UInt64(min(nudges, 16))), timing.death)
    }

    /// A stream broke: what was in flight may be lost.
    package mutating func restart() {
        inFlight.removeAll()
        isProbing = true
        needsProbe = true
        // With no match yet, `next` is the better guess than the beginning of the log.
        if match > .zero { next = match.next }
    }
}
