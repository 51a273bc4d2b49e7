public import StateMachine

/// What a machine asks of streams.
extension Fabric {
    /// Begins to open a stream.
    @usableFromInline
    mutating func open(from: Int, to id: NodeID) {
        guard nodes[from].isUp else { return }
        let timeout = now + options.streams.connectTimeout.nanoseconds
        guard let to = slot(of: id) else {
            // Nobody of that name was ever there: the network swallows the attempt.
            return queue.push(
                .unreachable, at: timeout, node: from, index: Int(id.rank),
                stamp: UInt64(nodes[from].boot) << 1 | 1)
        }
        let end = ends.count
        ends.append(StreamEnd(node: from, boot: nodes[from].boot, state: .opening))
        ends.append(StreamEnd(node: to, boot: 0, state: .unknown))
        nodes[from].ends.append(end)
        counts.streams &+= 1
        let at = arrival(from, to, 0, .streamOpening) + asking(from, to)
        queue.push(.connecting, at: at, index: end)
        queue.push(.connectTimeout, at: timeout, index: end)
    }

    /// The end that a machine may send on, by the stream's name.
    @usableFromInline
    func openEnd(_ stream: StreamID, of slot: Int) -> Int? {
        guard stream.number > 0, stream.number <= UInt64(ends.count) else { return nil }
        let end = Int(stream.number - 1)
        guard ends[end].node == slot, ends[end].state == .open,
            ends[end].boot == nodes[slot].boot, nodes[slot].isUp
        else { return nil }
        return end
    }

    @usableFromInline
    func peer(of end: Int) -> NodeID { nodes[ends[end ^ 1].node].id }

    /// `count` bytes were put on an end.
    @usableFromInline
    mutating func sent(_ count: Int, on end: Int, of label: StaticString) {
        counts.streamMessages &+= 1
        if ends[end].unsettled == 0 {
            unsettledEnds.append(end)
            ends[end].label = label
        }
        ends[end].unsettled += count
        ends[end].events.append(events)
    }

    /// Gives the network what was sent while one event was handled: as few portions as the
    /// kernel would make of it.
    @usableFromInline
    mutating func settleEnds() {
        for end in unsettledEnds { settle(end) }
        unsettledEnds.removeAll(keepingCapacity: true)
    }

    mutating func settle(_ end: Int, isLast: Bool = false) {
        guard ends[end].unsettled > 0 else { return }
        let isWhole = isLast || nodes[ends[end].node].strain.writeBytes == 0
        let count = isWhole ? ends[end].unsettled : firstPiece(end)
        ends[end].unsettled -= count
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        let outer = decisions.subject
        if !decisions.isPlain {
            decisions.speak(of: ends[end].label, nodes[from].id, nodes[to].id)
        }
        let first = arrival(from, to, count, .streamDelay) + resending(from, to)
        decisions.subject = outer
        let at = max(first, ends[end].lastArrival)
        ends[end].lastArrival = at
        queue.push(.streamBytes, at: at, node: to, index: end, stamp: UInt64(count) << 1)
        if !ends[end].isCongested, ends[end].onItsWay > options.streams.congestedAbove {
            ends[end].isCongested = true
            if nodes[to].strain.readRate > 0 { points.count(.slowReaderCongested) }
            tell(end, .congested)
        }
    }

    /// How much of what was sent leaves now, where writes are partial; the rest leaves a
    /// little later.
    private mutating func firstPiece(_ end: Int) -> Int {
        let count = ends[end].unsettled
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        // Large sends leave in larger pieces, or they would take all the events of a run.
        let most = max(Int(nodes[from].strain.writeBytes), count / 16)
        guard most < count else { return count }
        let less = decisions.draw(point(.streamWritten, from, to), in: 0...UInt64(most - 1))
        let pause = decisions.draw(
            point(.streamWritePause, from, to),
            in: Interval.microseconds(10)...(.milliseconds(5)))
        push(.streamWrite, after: pause, node: from, index: end, stamp: 0)
        return most - Int(less)
    }

    /// The next piece of a partial write leaves.
    mutating func writeOn(_ end: Int) {
        if ends[end].state == .open { settle(end) }
    }

    /// How much later bytes arrive since they, or their copies, were lost: a fifth of a
    /// second, then twice as much each time (RFC 6298).
    private mutating func resending(_ from: Int, _ to: Int) -> UInt64 {
        let times = losses(.streamSentAgain, from, to)
        if times > 0 { points.count(.bytesSentAgain) }
        return 200_000_000 * ((1 << times) - 1)
    }

    /// How much later an attempt to open a stream, or the answer to it, arrives since it was lost:
    /// a second, then twice as much each time.
    mutating func asking(_ from: Int, _ to: Int) -> UInt64 {
        let times = losses(.streamAskedAgain, from, to)
        if times > 0 { points.count(.streamAskedAgain) }
        return options.streams.connectRetry.nanoseconds * ((1 << times) - 1)
    }

    /// How often in a row something on a stream is lost.
    private mutating func losses(_ kind: DecisionKind, _ from: Int, _ to: Int) -> UInt64 {
        let quality = qualities[Int(links[from, to].quality)]
        let isSheltered = links[from, to].isSheltered
        let loss = max(quality.lossPerMillion, isSheltered ? 0 : weather.lossPerMillion)
        return decisions.row(point(kind, from, to), perMillion: loss, most: 6)
    }

    /// Ends a stream after what was sent on it.
    @usableFromInline
    mutating func close(_ stream: StreamID, of slot: Int) {
        guard let end = openEnd(stream, of: slot) else { return }
        settle(end, isLast: true)
        tell(end, .closed)
        leave(end)
        announce(.finished, of: end)
    }

    /// Tells a machine something about its end, now, behind what it is told already.
    mutating func tell(_ end: Int, _ kind: DueKind) {
        let node = ends[end].node
        queue.push(
            kind, at: now, node: node, index: end, stamp: UInt64(ends[end].boot) << 1)
    }

    /// The end is over for its own side.
    mutating func leave(_ end: Int) {
        ends[end].state = .closed
        let node = ends[end].node
        nodes[node].ends.removeAll { $0 == end }
    }

    /// Lets the other side know that this end is over, as soon as the network can.
    mutating func announce(_ ending: StreamEnding, of end: Int) {
        guard ends[end].ending == .none else { return }
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        if ending == .reset { ends[end].discard() }
        ends[end].ending = ending
        let at = max(arrival(from, to, 0, .streamDelay), ends[end].lastArrival)
        ends[end].lastArrival = at
        queue.push(.streamEnd, at: at, node: to, index: end)
    }

    /// One side gives up, or is told by a reset: its machine learns it, the other side
    /// later.
    mutating func breakEnd(_ end: Int) {
        guard ends[end].state == .open || ends[end].state == .opening else { return }
        counts.resets &+= 1
        tell(end, ends[end].state == .open ? .closed : .refused)
        leave(end)
        ends[end].discard()
        announce(.reset, of: end)
        keepAlive(end ^ 1)
    }

    /// A side that hears nothing more finds out by itself, late.
    mutating func keepAlive(_ end: Int) {
        guard ends[end].state == .open else { return }
        queue.push(.giveUp, at: now + giveUpTime(end), index: end, stamp: .max)
    }

    /// A link was cut: keep-alives of the streams over it get no answer.
    mutating func silence(_ from: Int, _ to: Int) {
        for end in nodes[from].ends where ends[end ^ 1].node == to {
            giveUpLater(end)
            giveUpLater(end ^ 1)
        }
    }

    mutating func giveUpTime(_ end: Int) -> UInt64 {
        let point = DecisionPoint(
            .streamGiveUp, nodes[ends[end].node].id, nodes[ends[end ^ 1].node].id)
        return decisions.draw(point, in: options.streams.giveUp).nanoseconds
    }
}
