public import StateMachine

/// All that surrounds the machines of a simulated system: time, network, disks, faults.
///
/// Systems get it in their hooks; machines meet it through `drive`.
public struct SimulatedWorld<System: SimulatedSystem>: ~Copyable {
    /// The words of its machines.
    public typealias Words = System.Machine.Words

    @usableFromInline var fabric: Fabric
    @usableFromInline let codec: System.Codec
    @usableFromInline var journals: [System.NodeJournal] = []
    @usableFromInline var disks: [NodeDisk<Words>] = []
    @usableFromInline var timers: [TimerTable<Words.Timer>] = []
    @usableFromInline var decoders: [System.Codec.Decoder?] = []
    @usableFromInline var inputs: [Words.Input?] = []
    @usableFromInline var freeInputs: [Int] = []
    @usableFromInline var outputs: [(output: Words.Output, node: NodeID)] = []
    /// The slot of the machine that runs.
    @usableFromInline var current = 0

    @inlinable
    init(codec: System.Codec, _ options: SimulationOptions, _ decisions: consuming Decisions) {
        self.codec = codec
        fabric = Fabric(options, decisions)
    }

    /// Where every choice is made; the workload draws here too.
    public var decisions: Decisions {
        @inlinable _read { yield fabric.decisions }
        @inlinable _modify { yield &fabric.decisions }
    }

    /// True time since the run began.
    @inlinable public var now: Instant { Instant(nanoseconds: fabric.now) }

    /// What the world has counted.
    @inlinable public var counts: WorldCounts { fabric.counts }

    /// How often each kind of fault has begun, and each rare situation has come about that
    /// the world names.
    public var sometimes: [Counter] { fabric.points.list }

    /// How many events machines have handled.
    @inlinable public var events: UInt64 { fabric.events }

    /// A running hash of all that happened: equal hashes mean equal runs.
    public var hash: UInt64 { fabric.hash.value }
}

/// What a system does with its world.
extension SimulatedWorld {
    /// Adds a node with its empty journal; it does not run until it is started.
    @inlinable
    public mutating func add(_ node: NodeID, _ role: Role, journal: System.NodeJournal) {
        _ = fabric.add(node, role)
        journals.append(journal)
        disks.append(NodeDisk())
        timers.append(TimerTable())
    }

    /// Starts a node, for the first time or again. Without effect on one that runs.
    @inlinable
    public mutating func start(_ node: NodeID, after: Interval = .zero) {
        guard let slot = fabric.slot(of: node) else { return }
        fabric.start(slot, after: after)
    }

    /// Gives a node something that its owner asks. Lost on one that is down by then.
    @inlinable
    public mutating func input(
        _ input: Words.Input, to node: NodeID, after: Interval = .zero
    ) {
        guard let slot = fabric.slot(of: node) else { return }
        let index: Int
        if let free = freeInputs.popLast() {
            index = free
            inputs[index] = input
        } else {
            index = inputs.count
            inputs.append(input)
        }
        fabric.push(.input, after: after, node: slot, index: index, stamp: 0)
    }

    /// Calls the system's ``SimulatedSystem/alarm(_:in:)`` later.
    @inlinable
    public mutating func setAlarm(_ number: UInt64, after: Interval) {
        fabric.push(.alarm, after: after, node: 0, index: 0, stamp: number)
    }

    /// Ends the run after this event.
    @inlinable
    public mutating func stop() { fabric.isStopped = true }

    /// Reports that a property does not hold, which the system itself found. Ends the run.
    @inlinable
    public mutating func violated(_ property: String, _ detail: String) {
        guard fabric.reported == nil else { return }
        fabric.reported = Violation(property: property, detail: detail)
        fabric.isStopped = true
    }

    /// Whether a node's process exists, running or standing still.
    @inlinable
    public func isUp(_ node: NodeID) -> Bool {
        fabric.slot(of: node).map { fabric.nodes[$0].isUp } ?? false
    }

    /// Whether a node speaks the former version of the message format.
    @inlinable
    public func speaksFormerVersion(_ node: NodeID) -> Bool {
        fabric.slot(of: node).map { fabric.nodes[$0].speaksFormer } ?? false
    }

    /// Whether a node stands still.
    @inlinable
    public func isPaused(_ node: NodeID) -> Bool {
        fabric.slot(of: node).map { fabric.nodes[$0].isPaused } ?? false
    }

    /// Whether nothing gets from one node to another just now.
    public func isCut(from: NodeID, to: NodeID) -> Bool {
        Traffic.allCases.allSatisfy { isCut(from: from, to: to, for: $0) }
    }

    /// Whether nothing of that sort gets from one node to another just now.
    public func isCut(from: NodeID, to: NodeID, for traffic: Traffic) -> Bool {
        guard let from = fabric.slot(of: from), let to = fabric.slot(of: to) else { return true }
        return fabric.links.isCut(from, to, for: traffic)
    }

    /// The nodes that make the system, in the order of their addition.
    public var members: [NodeID] { fabric.memberSlots.map { fabric.nodes[$0].id } }

    /// The nodes that use the system, in the order of their addition.
    public var clients: [NodeID] { fabric.clientSlots.map { fabric.nodes[$0].id } }

    /// The clock of a node, to turn its readings into true time and back.
    public func clock(of node: NodeID) -> NodeClock? {
        fabric.slot(of: node).map { fabric.nodes[$0].clock }
    }

    /// Looks into a node's journal, for checkers and faults of the system's own.
    /// - Precondition: the node was added.
    @inlinable
    public mutating func withJournal<Result>(
        of node: NodeID, _ body: (inout System.NodeJournal) throws -> Result
    ) rethrows -> Result {
        guard let slot = fabric.slot(of: node) else {
            preconditionFailure("node \(node.rank) was never added")
        }
        return try body(&journals[slot])
    }

    /// Gives one direction between two nodes a quality of its own.
    public mutating func setQuality(_ quality: LinkQuality, from: NodeID, to: NodeID) {
        guard let from = fabric.slot(of: from), let to = fabric.slot(of: to) else { return }
        fabric.setQuality(quality, from, to)
    }
}
