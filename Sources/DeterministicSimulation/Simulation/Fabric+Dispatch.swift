public import StateMachine

/// What becomes due and no machine sees, and the way of what one does see.
extension Fabric {
    /// What happens between kernels only.
    @usableFromInline
    mutating func kernel(_ due: Due) {
        switch due.kind {
        case .connecting: connecting(Int(due.index))
        case .connectAnswer: connectAnswer(Int(due.index))
        case .connectTimeout: connectTimeout(Int(due.index))
        case .giveUp: giveUp(due)
        case .streamWrite: writeOn(Int(due.index))
        default: step(Int(due.index))
        }
    }

    /// The way of something that arrives.
    @usableFromInline
    mutating func route(
        _ from: Int, _ to: Int, isFromOpener: Bool, wall: WallTime
    ) -> Route {
        var route = Route(
            from: nodes[from].id, to: nodes[to].id, isFromOpener: isFromOpener, wall: wall)
        route.fromFormer = nodes[from].speaksFormer
        route.toFormer = nodes[to].speaksFormer
        if route.fromFormer != route.toFormer { points.count(.versionsMixed) }
        return route
    }

    @usableFromInline
    mutating func isMalformed() {
        counts.malformed &+= 1
        points.count(.malformed)
    }

    @usableFromInline
    func canRead(_ end: Int, _ node: Int, boot: UInt32) -> Bool {
        ends[end].state == .open && nodes[node].isUp && nodes[node].boot == boot
    }

    /// What arrived is no message: the reader ends the stream.
    @usableFromInline
    mutating func breakMalformed(_ end: Int) { breakEnd(end) }
}
