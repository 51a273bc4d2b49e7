public import StateMachine

/// Starts, disks, and the one place in which machines run.
extension Simulation {
    @inlinable
    mutating func start(_ due: Due) {
        let slot = due.node
        // A process that starts reads its disk before anything else.
        guard !world.fabric.isStalled(due), world.fabric.starts(slot) else { return }
        let node = world.fabric.nodes[slot].id
        do throws(JournalFailure) {
            let started = try system.start(
                node, boot: Int(world.fabric.nodes[slot].boot), journal: &world.journals[slot],
                decisions: &world.fabric.decisions)
            keep(started.machine, slot)
            world.fabric.started(slot, nil)
            tellChanges()
            deliver(.started(started.recovery), to: slot, .start, 0, 0)
        } catch {
            world.fabric.started(slot, error)
        }
    }

    @inlinable
    mutating func keep(_ machine: System.Machine, _ slot: Int) {
        while machineOfNode.count <= slot { machineOfNode.append(-1) }
        if machineOfNode[slot] < 0 {
            machineOfNode[slot] = machines.count
            machines.append(machine)
        } else {
            machines[machineOfNode[slot]] = machine
        }
    }

    /// A node's disk has finished what it did.
    @inlinable
    mutating func diskDone(_ due: Due) {
        let slot = due.node
        guard world.fabric.nodes[slot].isUp, world.disks[slot].isBusy,
            world.disks[slot].serial == due.stamp, !world.fabric.isStalled(due)
        else { return }
        world.disks[slot].isBusy = false
        if world.disks[slot].writes.isEmpty { answerQueries(slot) } else { commit(slot) }
    }

    @inlinable
    mutating func commit(_ slot: Int) {
        let boot = world.fabric.nodes[slot].boot
        let tickets = world.disks[slot].writeTickets
        do throws(JournalFailure) {
            try world.journals[slot].commit(world.disks[slot].writes)
        } catch {
            return journalFailed(error, slot)
        }
        goOn(slot)
        var last: Ticket?
        for ticket in tickets where ticket != last {
            guard isStill(slot, boot) else { return }
            last = ticket
            deliver(.written(ticket), to: slot, .disk, ticket.number, 0)
        }
    }

    @inlinable
    mutating func answerQueries(_ slot: Int) {
        let boot = world.fabric.nodes[slot].boot
        let (queries, tickets) = (world.disks[slot].queries, world.disks[slot].queryTickets)
        var answers: [Words.Answer] = []
        do throws(JournalFailure) {
            for query in queries { answers.append(try world.journals[slot].answer(query)) }
        } catch {
            return journalFailed(error, slot)
        }
        goOn(slot)
        for (answer, ticket) in zip(answers, tickets) {
            guard isStill(slot, boot) else { return }
            deliver(.fetched(answer, ticket), to: slot, .disk, ticket.number, 1)
        }
    }

    @inlinable
    mutating func journalFailed(_ failure: JournalFailure, _ slot: Int) {
        world.fabric.points.count(.journalFailed)
        goOn(slot)
        deliver(.journalFailed(failure), to: slot, .disk, 0, 2)
    }

    /// The disk takes up what was asked for meanwhile, before anybody hears its answers.
    @inlinable
    mutating func goOn(_ slot: Int) {
        if !world.disks[slot].waiting.isEmpty { world.beginDiskOperation(slot) }
    }

    @inlinable
    func isStill(_ slot: Int, _ boot: UInt32) -> Bool {
        !isOver && world.fabric.nodes[slot].isUp && world.fabric.nodes[slot].boot == boot
    }

    /// A machine handles an event: the only place where one does.
    @inlinable
    mutating func deliver(
        _ event: Event<Words>, to slot: Int, _ kind: DueKind, _ subject: UInt64,
        _ digest: UInt64
    ) {
        world.fabric.record(kind.rawValue, slot, subject, digest)
        if trace != nil || tale != nil { traceEvent(event, slot) }
        world.current = slot
        Self.run(
            event, &machines[machineOfNode[slot]], &world, &checker, &effects, &findings)
        if trace != nil || tale != nil { traceNotes(slot) }
        if world.fabric.nodes[slot].isHalting { world.crash(slot, .kill, isHalt: true) }
        if !world.outputs.isEmpty { tellOutputs() }
        if !world.fabric.changes.isEmpty { tellChanges() }
    }

    /// Takes its parts one by one, so that the machine is changed and judged in place: a
    /// server is large, and copying it would cost more than its event.
    @inlinable
    static func run(
        _ event: Event<Words>, _ machine: inout System.Machine,
        _ world: inout SimulatedWorld<System>, _ checker: inout Judge,
        _ effects: inout Effects<Words>, _ findings: inout Findings
    ) {
        drive(&machine, event, in: &world, reusing: &effects)
        checker.handled(
            event, by: world.fabric.nodes[world.current].id, machine, effects.list,
            at: world.now, into: &findings)
    }

    @inlinable
    mutating func tellOutputs() {
        swap(&outputs, &world.outputs)
        for (output, node) in outputs { system.output(output, by: node, in: &world) }
        outputs.removeAll(keepingCapacity: true)
    }

    @inlinable
    mutating func tellFaults() {
        for (fault, isBeginning) in world.fabric.faultChanges {
            if trace != nil || tale != nil { traceFault(fault, isBeginning) }
            checker.fault(fault, isBeginning: isBeginning, at: world.now, into: &findings)
        }
        world.fabric.faultChanges.removeAll(keepingCapacity: true)
    }

    @inlinable
    mutating func tellChanges() {
        while !world.fabric.changes.isEmpty {
            let changes = world.fabric.changes
            world.fabric.changes.removeAll()
            for (change, node) in changes {
                if trace != nil || tale != nil { traceChange(change, node) }
                checker.changed(change, of: node, at: world.now, into: &findings)
                system.changed(change, of: node, in: &world)
            }
        }
    }
}
