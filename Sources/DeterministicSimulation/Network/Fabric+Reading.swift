import StateMachine

/// In which portions bytes of streams are read.
extension Fabric {
    /// How many of the bytes that arrived are read at once; the others are read later.
    mutating func portion(of count: Int, _ end: Int, isWhole: Bool) -> Int {
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        if nodes[to].strain.hindersReading { return piece(of: count, end) }
        let cutting = options.streams.cutPerMillion
        guard isWhole, count > 1,
            decisions.chance(point(.streamCut, from, to), perMillion: cutting)
        else { return count }
        let point = point(.streamCutAt, from, to)
        let first = Int(decisions.draw(point, in: 1...UInt64(count - 1)))
        // Overtaken by nothing: it is the count that arrives, the bytes are taken in order.
        readLater(count - first, end, at: arrival(from, to, count - first, .streamDelay))
        return first
    }

    private mutating func readLater(_ count: Int, _ end: Int, at moment: UInt64) {
        ends[end].lastArrival = max(ends[end].lastArrival, moment)
        queue.push(
            .streamBytes, at: moment, node: ends[end ^ 1].node, index: end,
            stamp: UInt64(count) << 1 | 1)
    }

    /// What a node takes that reads in small pieces, or slowly.
    private mutating func piece(of count: Int, _ end: Int) -> Int {
        let (from, to) = (ends[end].node, ends[end ^ 1].node)
        let strain = nodes[to].strain
        var (taken, next) = (count, now + 1)
        if strain.readBytes > 0 {
            let most = max(Int(strain.readBytes), count / 16)
            if most < count {
                let less = decisions.draw(point(.streamPiece, from, to), in: 0...UInt64(most - 1))
                taken = most - Int(less)
            }
            let pause = Interval.microseconds(1)...(.microseconds(500))
            next = now + decisions.draw(point(.streamPause, from, to), in: pause).nanoseconds
        }
        if strain.readRate > 0 {
            guard now >= nodes[to].readsAgain else {
                readLater(count, end, at: nodes[to].readsAgain)
                return 0
            }
            let rate = UInt64(strain.readRate)
            taken = min(taken, max(1, Int(rate / 20)))
            nodes[to].readsAgain = now + UInt64(taken) * 1_000_000_000 / rate
            // Behind the streams that wait already: a node reads them in turn.
            next = max(next, nodes[to].readsAgain + 1)
        }
        if taken < count { readLater(count - taken, end, at: next) }
        return taken
    }
}
