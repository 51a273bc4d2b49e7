import StateMachine

/// What reaches kernels.
extension Fabric {
    /// An attempt to open a stream arrives.
    mutating func connecting(_ end: Int) {
        guard ends[end].state == .opening, ends[end ^ 1].state == .unknown else { return }
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        guard !links.isCut(from, to, for: .streams), nodes[to].isPowered else {
            let retry = now + options.streams.connectRetry.nanoseconds
            return queue.push(.connecting, at: retry, index: end)
        }
        if !nodes[to].isUp, waits(from, to) { return nodes[to].callers.append(end) }
        if nodes[to].isUp {
            ends[end ^ 1].state = .open
            ends[end ^ 1].boot = nodes[to].boot
            nodes[to].ends.append(end ^ 1)
            tell(end ^ 1, .accepted)
        }
        let at = arrival(to, from, 0, .streamOpening) + asking(to, from)
        // Bytes come strictly later: the machine hears of its stream first.
        ends[end ^ 1].lastArrival = at + 1
        queue.push(.connectAnswer, at: at, index: end)
    }

    private mutating func waits(_ from: Int, _ to: Int) -> Bool {
        let share = options.streams.waitingPerMillion
        guard share > 0, decisions.chance(point(.streamWaits, from, to), perMillion: share) else {
            return false
        }
        points.count(.callerWaitedForStart)
        return true
    }

    /// The answer to an attempt arrives: the other side accepted, or nobody listens there.
    mutating func connectAnswer(_ end: Int) {
        guard ends[end].state == .opening else { return }
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        guard !links.isCut(to, from, for: .streams) else {
            let retry = now + options.streams.connectRetry.nanoseconds
            return queue.push(.connectAnswer, at: retry, index: end)
        }
        guard ends[end ^ 1].state == .open else {
            tell(end, .refused)
            return leave(end)
        }
        ends[end].state = .open
        tell(end, .opened)
        release(end ^ 1)
    }

    /// No answer came in time.
    mutating func connectTimeout(_ end: Int) {
        guard ends[end].state == .opening else { return }
        tell(end, .unreachable)
        leave(end)
        announce(.reset, of: end)
        keepAlive(end ^ 1)
    }

    /// How many bytes of the due portion the receiver reads now.
    @usableFromInline
    mutating func bytesArrive(_ due: Due) -> Int {
        let end = Int(due.index)
        // What is held at a cut is here already, perhaps hurried by a link that became wider.
        let expected = ends[end].onItsWay - ends[end].unsettled - ends[end].held
        let count = min(Int(due.stamp >> 1), expected)
        guard count > 0 else { return 0 }
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        if links.isCut(from, to, for: .streams) || ends[end ^ 1].state == .opening {
            hold(count, end)
            return 0
        }
        guard ends[end ^ 1].state == .open, nodes[to].isUp else {
            // Nobody reads there any more: a kernel that runs says so.
            if nodes[to].isPowered, ends[end ^ 1].ending == .none {
                announce(.reset, of: end ^ 1)
            }
            return 0
        }
        if links.isCut(to, from, for: .streams) { giveUpLater(end) }
        return portion(of: count, end, isWhole: due.stamp & 1 == 0)
    }

    private mutating func hold(_ count: Int, _ end: Int) {
        if ends[end].held == 0, ends[end].heldEnding == .none { heldEnds.append(end) }
        ends[end].held += count
        points.count(.bytesWaitedAtCut)
        giveUpLater(end)
    }

    mutating func giveUpLater(_ end: Int) { giveUpLater(end, since: now) }

    /// Gives a stream up when nothing has got through for its time since a moment.
    private mutating func giveUpLater(_ end: Int, since: UInt64) {
        guard !ends[end].isGivingUp, ends[end].state == .open else { return }
        ends[end].isGivingUp = true
        let at = max(now, since + giveUpTime(end))
        queue.push(.giveUp, at: at, index: end, stamp: since)
    }

    /// The receiver has read so many bytes.
    @usableFromInline
    mutating func consumed(_ count: Int, of end: Int) {
        ends[end].consume(min(count, ends[end].onItsWay))
        guard ends[end].isCongested, ends[end].state == .open,
            ends[end].onItsWay < options.streams.drainedBelow
        else { return }
        ends[end].isCongested = false
        tell(end, .drained)
    }

    /// The ending of an end reaches the other side. True: its machine is told now.
    @usableFromInline
    mutating func endingArrives(_ due: Due) -> Bool {
        let end = Int(due.index)
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        let isEarly = ends[end ^ 1].state == .opening && ends[end].ending == .finished
        if links.isCut(from, to, for: .streams) || isEarly {
            if ends[end].held == 0, ends[end].heldEnding == .none { heldEnds.append(end) }
            ends[end].heldEnding = ends[end].ending
            keepAlive(end ^ 1)
            return false
        }
        if ends[end].ending == .finished, ends[end].onItsWay > 0, ends[end ^ 1].state == .open {
            // Bytes that were held back come first.
            release(end)
            let at = max(ends[end].lastArrival, now + 1_000)
            queue.push(.streamEnd, at: at, node: to, index: end)
            return false
        }
        ends[end].discard()
        guard ends[end ^ 1].state == .open, nodes[to].isUp else {
            if ends[end ^ 1].state == .opening {
                tell(end ^ 1, .refused)
                leave(end ^ 1)
            }
            return false
        }
        leave(end ^ 1)
        ends[end ^ 1].discard()
        if ends[end].ending == .reset { counts.resets &+= 1 }
        return true
    }

    /// Bytes and an ending that waited at a cut go on.
    mutating func release(_ end: Int) {
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        let held = ends[end].held
        if held > 0 {
            ends[end].held = 0
            let at = max(arrival(from, to, held, .streamDelay), now)
            ends[end].lastArrival = max(ends[end].lastArrival, at)
            queue.push(
                .streamBytes, at: at, node: to, index: end, stamp: UInt64(held) << 1 | 1)
        }
        guard ends[end].heldEnding != .none else { return }
        ends[end].heldEnding = .none
        let at = max(ends[end].lastArrival, now)
        queue.push(.streamEnd, at: at, node: to, index: end)
    }

    /// A side looks whether it has to give its stream up.
    mutating func giveUp(_ due: Due) {
        let end = Int(due.index)
        guard ends[end].state == .open else { return }
        guard due.stamp != .max else { return breakIfAlone(end) }
        ends[end].isGivingUp = false
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        let (forth, back) = (links[from, to], links[to, from])
        let cuts = [forth, back].filter { $0.isCut(for: .streams) }
        if cuts.contains(where: { $0.cutSince <= due.stamp }) {
            points.count(.streamGivenUp)
            breakEnd(end)
        } else if let since = cuts.map(\.cutSince).min() {
            // It was mended meanwhile, and cut again.
            giveUpLater(end, since: since)
        } else if ends[end].held > 0 {
            giveUpLater(end)
        }
    }

    /// Nothing answers at the other end: its machine lost its power, or gave up.
    private mutating func breakIfAlone(_ end: Int) {
        if ends[end ^ 1].state == .closed { breakEnd(end) }
    }
}
