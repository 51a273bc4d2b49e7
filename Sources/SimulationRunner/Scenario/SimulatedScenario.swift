public import DeterministicSimulation
public import StateMachine

/// A simulated system in a situation, ready to be run with any seed.
///
/// ```swift
/// struct LeaderCrash: SimulatedScenario {
///     let name = "leader-crash"
///     let summary = "the leader is killed while a client writes"
///     func run(_ request: RunRequest) throws -> RunOutcome {
///         var simulation = Simulation(
///             Cluster(), codec: Wire(), checker: Judge(), decisions: request.decisions())
///         simulation.trace = request.trace
///         simulation.tale = request.tale
///         simulation.run(until: request.end(.zero + .seconds(60)))
///         return RunOutcome(&simulation)
///     }
/// }
/// ```
public protocol SimulatedScenario: Sendable {
    /// One word, by which it is asked for.
    var name: String { get }
    /// What happens in it, in half a sentence.
    var summary: String { get }
    /// Runs it once, from beginning to end, in this thread.
    func run(_ request: RunRequest) throws -> RunOutcome
    /// What it is set to, where that is the same in all its runs. Nothing by default.
    var settings: [StorySetting] { get }
    /// The scenario of that name as a story has it set; nil where this one can't be it. By
    /// default it can be itself only, and nothing can be set.
    func set(_ name: String, _ settings: [StorySetting]) throws -> (any SimulatedScenario)?
    /// Smaller stories than one that was set: a list of those that run faster, as with less
    /// time, one of those with fewer nodes and so on, the boldest first. None by default.
    func smaller(than story: Story) -> [[Story]]
}

extension SimulatedScenario {
    /// Nothing.
    public var settings: [StorySetting] { [] }

    /// Itself.
    public func set(
        _ name: String, _ settings: [StorySetting]
    ) throws -> (any SimulatedScenario)? {
        name == self.name && settings.isEmpty ? self : nil
    }

    /// None.
    public func smaller(than story: Story) -> [[Story]] { [] }
}

/// How a scenario is to be run.
public struct RunRequest {
    /// Where its choices come from.
    public enum Source: Sendable {
        /// Drawn.
        case seed
        /// Drawn and kept.
        case recording
        /// Read from a recording.
        case playback(DecisionList)
    }

    /// The seed. In a playback: the one with which it was recorded.
    public var seed: UInt64
    /// Where its choices come from.
    public var source: Source
    /// Ends the run at this moment of simulated time, if it is not over before.
    public var until: Instant?
    /// Takes one line for every event.
    public var trace: ((String) -> Void)?
    /// Takes each choice of a recording as a line, as soon as it was made.
    public var keeping: ((String) -> Void)?
    /// Takes the few lines that a person wants to hear.
    public var tale: ((Instant, String) -> Void)?

    /// Asks for a run.
    public init(
        seed: UInt64, source: Source = .seed, until: Instant? = nil,
        trace: ((String) -> Void)? = nil
    ) {
        self.seed = seed
        self.source = source
        self.until = until
        self.trace = trace
    }

    /// What the simulation is to draw from.
    public func decisions() -> Decisions {
        switch source {
        case .seed: .seeded(seed)
        case .recording: .recording(seed: seed, keeping: keeping)
        case .playback(let list): .playback(of: list)
        }
    }

    /// The moment at which to stop, where the scenario itself would stop at `end`.
    public func end(_ end: Instant) -> Instant { until.map { min($0, end) } ?? end }

    /// Whether the run is to stop before `end`: then nothing may be demanded of its end.
    public func stops(before end: Instant) -> Bool { until.map { $0 < end } ?? false }
}

/// What a run ended with.
public struct RunOutcome: Sendable {
    /// The report.
    public var report: RunReport
    /// The choices, where the request was to keep them. In a playback: those of them that
    /// mattered.
    public var recorded: DecisionList?
    /// What the scenario was set to, with all that was drawn before the run.
    public var settings: [StorySetting] = []

    /// Makes an outcome.
    public init(report: RunReport, recorded: DecisionList? = nil) {
        self.report = report
        self.recorded = recorded
    }

    /// Finishes a simulation.
    @inlinable
    public init<System, Judge>(_ simulation: inout Simulation<System, Judge>) {
        report = simulation.finish()
        recorded = simulation.recorded
    }
}

/// A problem that ends a command: one line that says what is wrong and what to do.
public struct RunnerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    public var description: String

    /// Makes one.
    public init(_ description: String) { self.description = description }
}

extension [any SimulatedScenario] {
    /// The scenarios of the given names, in that order; all where no name is given.
    public func named(_ names: [String]) throws -> [any SimulatedScenario] {
        guard !names.isEmpty else { return self }
        return try names.map { name in
            guard let found = first(where: { $0.name == name }) else {
                let known = map(\.name).joined(separator: ", ")
                throw RunnerError("There is no scenario \"\(name)\". There are: \(known).")
            }
            return found
        }
    }
}
