public import ArgumentParser
public import StateMachine

/// A length of simulated time, written `12.5`, `12.5s` or `300ms`.
public struct SimulatedTime: ExpressibleByArgument, Equatable, Sendable {
    /// The length.
    public var interval: Interval

    /// Makes one.
    public init(_ interval: Interval) { self.interval = interval }

    /// Reads one.
    public init?(argument: String) {
        let (digits, scale): (Substring, Double) =
            if argument.hasSuffix("ms") {
                (argument.dropLast(2), 1e6)
            } else if argument.hasSuffix("us") {
                (argument.dropLast(2), 1e3)
            } else if argument.hasSuffix("s") {
                (argument.dropLast(), 1e9)
            } else {
                (argument[...], 1e9)
            }
        guard let number = Double(digits), number >= 0, number * scale < 1e19 else { return nil }
        interval = Interval(nanoseconds: UInt64((number * scale).rounded()))
    }
}

/// The options of a command that repeats one run.
public struct ReplayOptions: ParsableArguments {
    /// A scenario, or the file of a story.
    @Argument(help: "A scenario, or the file of a story.")
    public var what: String

    /// The seed, for a scenario.
    @Option(help: "The seed, for a scenario.")
    public var seed: UInt64?

    /// Whether to print one line per event.
    @Flag(help: "Print one line per event.")
    public var trace = false

    /// Where to stop.
    @Option(help: "Stop at this simulated time: 12.5s, 300ms.")
    public var until: SimulatedTime?

    /// Where to keep the run as a story.
    @Option(help: ArgumentHelp("Keep the run as a story in this file.", valueName: "file"))
    public var record: String?

    /// Whether to print the report as JSON.
    @Flag(help: "Print the report as JSON.")
    public var json = false

    /// Makes options with their defaults.
    public init() {}
}
