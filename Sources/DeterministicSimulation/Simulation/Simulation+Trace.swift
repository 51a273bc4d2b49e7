public import StateMachine

/// Lines that a person can follow: time, node, event.
extension Simulation {
    @usableFromInline
    func traceEvent(_ event: Event<Words>, _ slot: Int) {
        if case .input = event { tell(world.fabric.nodes[slot].id, system.describe(event)) }
        guard trace != nil else { return }
        let what =
            switch event {
            case .datagram(let message, let from):
                "<- \(system.name(from))  \(system.describe(message))"
            case .message(let message, let stream):
                "<= \(sender(stream))  \(system.describe(message))"
            case .opened(let stream, let to): "opened #\(stream.number) to \(system.name(to))"
            case .accepted(let stream, let from):
                "accepted #\(stream.number) from \(system.name(from))"
            case .openFailed(let node, let why): "\(system.name(node)) \(why)"
            case .congested(let stream): "congested #\(stream.number)"
            case .drained(let stream): "drained #\(stream.number)"
            case .closed(let stream): "closed #\(stream.number) with \(sender(stream))"
            case .written(let ticket): "written \(ticket.number)"
            case .timer(let timer): "timer \(timer)"
            default: system.describe(event)
            }
        emit(world.fabric.nodes[slot].id, what)
    }

    /// What the machine noted while it handled the event, below the event.
    @usableFromInline
    func traceNotes(_ slot: Int) {
        for case .note(let mark) in effects.list {
            guard let text = system.describe(mark) else { continue }
            if system.isMemorable(mark) { tell(world.fabric.nodes[slot].id, text) }
            emit(world.fabric.nodes[slot].id, "   \(text)")
        }
    }

    @usableFromInline
    func traceFault(_ fault: Fault, _ isBeginning: Bool) {
        let words = FaultWords(name: system.name).of(fault)
        tale?(world.now, (isBeginning ? "begins: " : "ends: ") + words)
        line("world", (isBeginning ? "BEGINS  " : "ENDS    ") + words)
    }

    @usableFromInline
    func traceChange(_ change: NodeChange, _ node: NodeID) {
        let what =
            switch change {
            case .started(let boot): boot == 1 ? "STARTS" : "STARTS AGAIN, boot \(boot)"
            case .startFailed(let failure): "CAN'T START, journal \(failure)"
            case .crashed(.kill): "IS KILLED"
            case .crashed(.powerLoss): "LOSES POWER"
            case .halted: "HALTS"
            case .paused: "STANDS STILL"
            case .resumed: "GOES ON"
            }
        // That everybody starts once goes without saying.
        if change != .started(boot: 1) { tell(node, what) }
        emit(node, what)
    }

    private func sender(_ stream: StreamID) -> String {
        system.name(world.fabric.peer(of: Int(stream.number) - 1)) + " #\(stream.number)"
    }

    private func tell(_ node: NodeID, _ what: String) {
        tale?(world.now, "\(system.name(node)): \(what)")
    }

    private func emit(_ node: NodeID, _ what: String) {
        line(system.name(node), what)
    }

    private func line(_ name: String, _ what: String) {
        let padding = String(repeating: " ", count: max(0, 10 - name.utf8.count))
        trace?("[\(Self.seconds(world.now))] \(name)\(padding) \(what)")
    }

    /// Seconds with six places, aligned.
    static func seconds(_ moment: Instant) -> String {
        let microseconds = moment.nanoseconds / 1_000
        let whole = String(microseconds / 1_000_000)
        let part = String(microseconds % 1_000_000)
        return String(repeating: " ", count: max(0, 5 - whole.utf8.count)) + whole + "."
            + String(repeating: "0", count: max(0, 6 - part.utf8.count)) + part
    }
}
