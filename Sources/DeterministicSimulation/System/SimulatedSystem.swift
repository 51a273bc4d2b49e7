public import StateMachine

/// A machine with all that its first event tells it.
public struct Started<Machine: StateMachine> {
    /// The machine, fresh.
    public var machine: Machine
    /// What its journal kept; it becomes the `started` event.
    public var recovery: Machine.Words.Recovery

    /// Joins the two.
    public init(_ machine: Machine, recovery: Machine.Words.Recovery) {
        self.machine = machine
        self.recovery = recovery
    }
}

/// A system under test: its machines, their bytes and disks, and the people who use it.
///
/// One machine type stands for all nodes; where there are several sorts, make it an enum or
/// a struct of optionals. All chance that the system needs is drawn from `world.decisions`.
public protocol SimulatedSystem<Machine> {
    /// What every node is.
    associatedtype Machine: StateMachine
    /// Turns its messages into bytes.
    associatedtype Codec: SimulatedCodec where Codec.Words == Machine.Words
    /// What a node writes to.
    associatedtype NodeJournal: SimulatedJournal where NodeJournal.Words == Machine.Words

    /// Called once, at time zero: adds nodes, starts them, sets alarms, begins faults.
    mutating func begin(in world: inout SimulatedWorld<Self>)

    /// A node starts, for the so-manieth time (from 1): gives its machine and what its
    /// journal kept. Throwing leaves the node down.
    mutating func start(
        _ node: NodeID, boot: Int, journal: inout NodeJournal, decisions: inout Decisions
    ) throws(JournalFailure) -> Started<Machine>

    /// A node told its owner something.
    mutating func output(
        _ output: Machine.Words.Output, by node: NodeID, in world: inout SimulatedWorld<Self>)

    /// An alarm rings that was set with ``SimulatedWorld/setAlarm(_:after:)``.
    mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<Self>)

    /// Something happened to a node.
    mutating func changed(
        _ change: NodeChange, of node: NodeID, in world: inout SimulatedWorld<Self>)

    /// A node's name in traces.
    func name(_ node: NodeID) -> String
    /// A message, short enough for a line of a trace.
    func describe(_ message: Machine.Words.Message) -> String
    /// Any other event, short enough for a line of a trace.
    func describe(_ event: Event<Machine.Words>) -> String
    /// A mark, short enough for a line of a trace; nil leaves it out.
    func describe(_ mark: Machine.Words.Mark) -> String?
    /// Whether a mark belongs in a story of a few lines.
    func isMemorable(_ mark: Machine.Words.Mark) -> Bool
    /// What a run counted beside what the world counts.
    var counters: [Counter] { get }
}

extension SimulatedSystem {
    /// Ignores what nodes say.
    @inlinable
    public mutating func output(
        _ output: Machine.Words.Output, by node: NodeID, in world: inout SimulatedWorld<Self>
    ) {}

    /// Ignores alarms.
    @inlinable
    public mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<Self>) {}

    /// Ignores what happens to nodes.
    @inlinable
    public mutating func changed(
        _ change: NodeChange, of node: NodeID, in world: inout SimulatedWorld<Self>
    ) {}

    /// `n` and the rank.
    public func name(_ node: NodeID) -> String { "n\(node.rank)" }
    /// What Swift prints for it.
    public func describe(_ message: Machine.Words.Message) -> String { "\(message)" }
    /// What Swift prints for it.
    public func describe(_ event: Event<Machine.Words>) -> String { "\(event)" }
    /// What Swift prints for it.
    public func describe(_ mark: Machine.Words.Mark) -> String? { "\(mark)" }
    /// None is.
    public func isMemorable(_ mark: Machine.Words.Mark) -> Bool { false }
    /// Nothing.
    public var counters: [Counter] { [] }
}
