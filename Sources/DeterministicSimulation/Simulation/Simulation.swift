public import StateMachine

/// A run of a simulated system under its checkers.
///
/// ```swift
/// var simulation = Simulation(Echo(), codec: EchoCodec(), checker: NoChecker())
/// simulation.run(for: .seconds(60))
/// let report = simulation.finish()
/// ```
public struct Simulation<System: SimulatedSystem, Judge: Checker>: ~Copyable
where Judge.Machine == System.Machine {
    /// The words of its machines.
    public typealias Words = System.Machine.Words

    /// The system under test.
    public var system: System
    /// What judges it.
    public var checker: Judge
    /// What surrounds its machines.
    public var world: SimulatedWorld<System>
    /// Takes one aligned line for every event, when set. Costs nothing otherwise.
    public var trace: ((String) -> Void)?
    /// Takes what a person wants to hear, when set: faults, starts and ends of nodes, what is
    /// asked of them, and the marks that the system calls memorable.
    public var tale: ((Instant, String) -> Void)?

    @usableFromInline var machines: [System.Machine] = []
    /// Index into `machines` for each node; -1 before its first start.
    @usableFromInline var machineOfNode: [Int] = []
    @usableFromInline var effects = Effects<Words>()
    @usableFromInline var findings = Findings()
    @usableFromInline var hasBegun = false
    @usableFromInline let eventsMost: UInt64
    @usableFromInline var tickets: [Ticket] = []
    @usableFromInline var outputs: [(output: Words.Output, node: NodeID)] = []

    /// Makes a run, which begins with the first call of a `run` method.
    @inlinable
    public init(
        _ system: System, codec: System.Codec, checker: Judge,
        options: SimulationOptions = SimulationOptions(),
        decisions: consuming Decisions = .seeded(0)
    ) {
        self.system = system
        self.checker = checker
        eventsMost = options.eventsMost ?? .max
        world = SimulatedWorld(codec: codec, options, decisions)
    }

    /// The property that broke, if one did.
    @inlinable public var violation: Violation? {
        findings.violation ?? world.fabric.reported
    }

    /// Whether nothing more will happen: stopped, broken, or at its limit of events.
    @inlinable
    public var isOver: Bool {
        world.fabric.isStopped || findings.isBroken
            || world.fabric.events >= eventsMost
    }

    /// The machine of a node as it is now; nil where it does not run.
    @inlinable
    public func machine(of node: NodeID) -> System.Machine? {
        guard let slot = world.fabric.slot(of: node), world.fabric.nodes[slot].isUp,
            slot < machineOfNode.count, machineOfNode[slot] >= 0
        else { return nil }
        return machines[machineOfNode[slot]]
    }

    /// Runs for so much simulated time, or until it is over.
    @inlinable
    public mutating func run(for interval: Interval) {
        run(until: world.now + interval)
    }

    /// Runs up to a moment of true time, or until it is over.
    @inlinable
    public mutating func run(until end: Instant) {
        begin()
        while !isOver, let due = world.fabric.next(until: end.nanoseconds) { handle(due) }
        if !isOver, world.fabric.now < end.nanoseconds { world.fabric.now = end.nanoseconds }
    }

    /// Runs until the system has reached something, but no longer than the bound. True: it
    /// has. The condition is asked after every event.
    @inlinable
    public mutating func run(
        within bound: Interval, until isReached: (inout Self) -> Bool
    ) -> Bool {
        begin()
        let end = world.now + bound
        while !isReached(&self) {
            guard !isOver else { return false }
            guard let due = world.fabric.next(until: end.nanoseconds) else {
                world.fabric.now = end.nanoseconds
                return false
            }
            handle(due)
        }
        return true
    }

    @inlinable
    mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        system.begin(in: &world)
    }

    /// Asks the checkers a last time, where nothing broke and the limit of events did not cut the
    /// run, and gives the report.
    @inlinable
    public mutating func finish() -> RunReport {
        if violation == nil, world.fabric.events < eventsMost {
            checker.ended(at: world.now, into: &findings)
        }
        world.fabric.decisions.now = world.now
        var report = RunReport(
            events: world.events, simulated: world.now.since(.zero), hash: world.hash,
            counts: world.counts, counters: system.counters, violation: violation,
            divergence: world.decisions.divergence)
        report.sometimes = world.sometimes
        return report
    }

    /// The choices that were made, where they were kept, with the names of the nodes.
    public var recorded: DecisionList? {
        guard var list = world.decisions.recorded else { return nil }
        list.nodes = (world.members + world.clients).map {
            NodeName(rank: $0.rank, name: system.name($0))
        }
        return list
    }

    /// Reports a violation that only the caller can see, as a missed bound of liveness.
    @inlinable
    public mutating func report(_ violation: Violation) {
        findings.violated(violation.property, violation.detail)
    }
}
