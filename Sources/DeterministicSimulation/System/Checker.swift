public import StateMachine

/// A property that did not hold.
public struct Violation: Equatable, Sendable {
    /// The name of the property.
    public var property: String
    /// What was seen, in a sentence.
    public var detail: String

    /// Makes a violation.
    public init(property: String, detail: String) {
        self.property = property
        self.detail = detail
    }
}

/// Where checkers put what they find. The run ends with the first violation.
public struct Findings: ~Copyable {
    /// The first violation.
    public private(set) var violation: Violation?
    /// Whether there is one, for whoever asks often.
    @usableFromInline private(set) var isBroken = false

    /// Makes an empty one.
    public init() {}

    /// Reports that a property does not hold.
    public mutating func violated(_ property: String, _ detail: @autoclosure () -> String) {
        guard violation == nil else { return }
        violation = Violation(property: property, detail: detail())
        isBroken = true
    }
}

/// What happened to a node from outside.
public enum NodeChange: Equatable, Sendable {
    /// It started, for the so-manieth time (from 1).
    case started(boot: Int)
    /// It could not start.
    case startFailed(JournalFailure)
    /// It crashed.
    case crashed(CrashKind)
    /// It ended by itself (`halt`).
    case halted
    /// It stands still.
    case paused
    /// It goes on.
    case resumed
}

/// A judge of a run: knows the law, not the code. Called after every event.
public protocol Checker<Machine> {
    /// What it judges.
    associatedtype Machine: StateMachine

    /// An event was handled. `machine` is the node afterwards, `effects` what it asked for.
    mutating func handled(
        _ event: Event<Machine.Words>, by node: NodeID, _ machine: Machine,
        _ effects: [Effect<Machine.Words>], at now: Instant, into findings: inout Findings)

    /// The next event is a message that was sent in an earlier one: events are numbered from
    /// 1, as they are handled.
    mutating func arrives(sentIn event: UInt64)

    /// Something was done to a node.
    mutating func changed(
        _ change: NodeChange, of node: NodeID, at now: Instant, into findings: inout Findings)

    /// A fault begins, or ends.
    mutating func fault(
        _ fault: Fault, isBeginning: Bool, at now: Instant, into findings: inout Findings)

    /// The run is over: its time is, or the system has stopped it. Not asked where something broke,
    /// or where the limit of events cut the run.
    mutating func ended(at now: Instant, into findings: inout Findings)
}

extension Checker {
    /// Does not ask where messages come from.
    @inlinable
    public mutating func arrives(sentIn event: UInt64) {}

    /// Ignores what is done to nodes.
    @inlinable
    public mutating func changed(
        _ change: NodeChange, of node: NodeID, at now: Instant, into findings: inout Findings
    ) {}

    /// Ignores faults.
    @inlinable
    public mutating func fault(
        _ fault: Fault, isBeginning: Bool, at now: Instant, into findings: inout Findings
    ) {}

    /// Has nothing to say at the end.
    @inlinable
    public mutating func ended(at now: Instant, into findings: inout Findings) {}
}

/// Judges nothing.
public struct NoChecker<Machine: StateMachine>: Checker {
    /// Makes one.
    public init() {}

    /// Does nothing.
    @inlinable
    public mutating func handled(
        _ event: Event<Machine.Words>, by node: NodeID, _ machine: Machine,
        _ effects: [Effect<Machine.Words>], at now: Instant, into findings: inout Findings
    ) {}
}

/// Two judges of one run.
public struct BothCheckers<First: Checker, Second: Checker>: Checker
where First.Machine == Second.Machine {
    /// What both judge.
    public typealias Machine = First.Machine
    /// The one that looks first.
    public var first: First
    /// The other one.
    public var second: Second

    /// Joins two judges.
    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    /// Shows both.
    @inlinable
    public mutating func handled(
        _ event: Event<Machine.Words>, by node: NodeID, _ machine: Machine,
        _ effects: [Effect<Machine.Words>], at now: Instant, into findings: inout Findings
    ) {
        first.handled(event, by: node, machine, effects, at: now, into: &findings)
        second.handled(event, by: node, machine, effects, at: now, into: &findings)
    }

    /// Tells both.
    @inlinable
    public mutating func arrives(sentIn event: UInt64) {
        first.arrives(sentIn: event)
        second.arrives(sentIn: event)
    }

    /// Shows both.
    @inlinable
    public mutating func changed(
        _ change: NodeChange, of node: NodeID, at now: Instant, into findings: inout Findings
    ) {
        first.changed(change, of: node, at: now, into: &findings)
        second.changed(change, of: node, at: now, into: &findings)
    }

    /// Shows both.
    @inlinable
    public mutating func fault(
        _ fault: Fault, isBeginning: Bool, at now: Instant, into findings: inout Findings
    ) {
        first.fault(fault, isBeginning: isBeginning, at: now, into: &findings)
        second.fault(fault, isBeginning: isBeginning, at: now, into: &findings)
    }

    /// Shows both.
    @inlinable
    public mutating func ended(at now: Instant, into findings: inout Findings) {
        first.ended(at: now, into: &findings)
        second.ended(at: now, into: &findings)
    }
}
