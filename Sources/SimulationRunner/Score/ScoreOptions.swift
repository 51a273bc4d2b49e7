public import ArgumentParser

/// The options of a command that counts the seeds that known bugs take.
public struct ScoreOptions: ParsableArguments {
    /// The bugs; all where none is named.
    @Argument(help: "The bugs, by id; all where none is named.")
    public var bugs: [String] = []

    /// How many campaigns are run for each bug.
    @Option(help: "So many campaigns for each bug, with seeds of their own.")
    public var campaigns: Int = 5

    /// After how many seeds a campaign gives up.
    @Option(help: "Give a campaign up after so many seeds.")
    public var seedsMost: UInt64 = 10_000

    /// How many processes work at a time.
    @Option(help: "How many processes work at a time; by default one per processor.")
    public var jobs: Int?

    /// Whether to print the result as JSON.
    @Flag(help: "Print the result as JSON.")
    public var json = false

    /// Where to write the table.
    @Option(help: ArgumentHelp("Write the table as Markdown.", valueName: "file"))
    public var markdown: String?

    /// Makes options with their defaults.
    public init() {}

    /// Refuses numbers that make no sense.
    public mutating func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs has to be at least 1.") }
        if !(1...1_000).contains(campaigns) {
            throw ValidationError("--campaigns has to be 1 to 1000.")
        }
        if !(1...ScoreQueue.distance).contains(seedsMost) {
            throw ValidationError("--seeds-most has to be 1 to \(ScoreQueue.distance).")
        }
    }
}
