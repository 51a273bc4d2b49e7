public import ArgumentParser

/// The options of a command that makes a failing run small.
public struct ShrinkOptions: ParsableArguments {
    /// A scenario, or the file of a story.
    @Argument(help: "A scenario, or the file of a story.")
    public var what: String

    /// The seed, for a scenario.
    @Option(help: "The seed, for a scenario.")
    public var seed: UInt64?

    /// Where to keep the small story.
    @Option(help: ArgumentHelp("Keep the small story in this file.", valueName: "file"))
    public var out: String?

    /// How long it may take.
    @Option(help: "Stop with the best so far after so many seconds.")
    public var seconds: Double = 60

    /// Makes options with their defaults.
    public init() {}

    /// Refuses numbers that make no sense.
    public mutating func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds has to be above 0.") }
    }
}
