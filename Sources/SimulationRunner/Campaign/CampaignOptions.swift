public import ArgumentParser
import Foundation

/// A range of seeds, written `100..<200`, `100...199`, or `7` for one.
public struct SeedRange: ExpressibleByArgument, Equatable, Sendable {
    /// The seeds.
    public var seeds: Range<UInt64>

    /// Makes a range.
    public init(_ seeds: Range<UInt64>) { self.seeds = seeds }

    /// Reads `FIRST..<END`, `FIRST...LAST` or one seed. At most 2^63 seeds.
    public init?(argument: String) {
        for separator in ["..<", "..."] {
            let parts = argument.components(separatedBy: separator)
            guard parts.count == 2 else { continue }
            guard let first = UInt64(parts[0]), let last = UInt64(parts[1]),
                let end = separator == "..." ? Self.next(last) : last,
                first < end, end - first <= UInt64(Int.max)
            else { return nil }
            seeds = first..<end
            return
        }
        guard let seed = UInt64(argument), let end = Self.next(seed) else { return nil }
        seeds = seed..<end
    }

    private static func next(_ seed: UInt64) -> UInt64? { seed < .max ? seed + 1 : nil }
}

/// The options of a command that runs a campaign.
public struct CampaignOptions: ParsableArguments {
    /// The scenarios to run; without one, what the command runs by default.
    @Argument(help: "The scenarios to run; without one, what this command runs by default.")
    public var scenarios: [String] = []

    /// The seeds, dealt out to the scenarios in turn.
    @Option(
        help: "The seeds, as FIRST..<END, FIRST...LAST or one; dealt out to the scenarios in turn.")
    public var seeds: SeedRange?

    /// How many seeds, from 0 on.
    @Option(
        help: """
            How many seeds, from 0 on, where no --seeds are given; 100, or as many as the \
            --minutes allow.
            """)
    public var count: UInt64?

    /// Begins no more seeds after so many minutes.
    @Option(help: "Begin no more seeds after so many minutes: a budget of time.")
    public var minutes: Double?

    /// How many processes work at a time.
    @Option(help: "How many processes work at a time; by default one per processor.")
    public var jobs: Int?

    /// Which of several disjoint parts to run.
    @Option(
        help: ArgumentHelp(
            "Run only this part of the campaign, 0/4 to 3/4; auto takes it from a Slurm array "
                + "or an indexed job of Kubernetes (with \(Shard.countVariable)).",
            valueName: "i/n"))
    public var shard: ShardChoice?

    /// How many seeds there are for each that is run twice.
    @Option(help: "Run one seed of so many twice, and compare; 0 runs none twice.")
    public var checkEvery: UInt64 = 10

    /// How long a seed may take, in seconds of the wall clock.
    @Option(help: "End a seed that takes longer, and count it as failed; 0 lets it.")
    public var secondsMost: Double = 600

    /// After how many failures to stop.
    @Option(help: "Stop after so many failures.")
    public var failuresMost: Int = 10

    /// Where to keep failures.
    @Option(
        help: ArgumentHelp(
            "Keep a story of each failure in this directory.", valueName: "directory"))
    public var keep: String?

    /// How the result is told.
    @OptionGroup public var reporting: ReportOptions

    /// Makes options with their defaults.
    public init() {}

    /// Refuses numbers that make no sense.
    public mutating func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs has to be at least 1.") }
        if let count, count < 1 { throw ValidationError("--count has to be at least 1.") }
        if failuresMost < 1 { throw ValidationError("--failures-most has to be at least 1.") }
        if !(0..<1e9).contains(secondsMost) {
            throw ValidationError("--seconds-most has to be at least 0, and below 1e9.")
        }
        if let minutes, !(minutes > 0 && minutes < 1e6) {
            throw ValidationError("--minutes has to be above 0 and below a million.")
        }
        if seeds != nil, count != nil {
            throw ValidationError("Say --seeds or --count, not both.")
        }
    }

    /// More than any machine gets through.
    private static let endless: UInt64 = 1 << 48

    var chosenSeeds: Range<UInt64> {
        seeds?.seeds ?? 0..<(count ?? (minutes == nil ? 100 : Self.endless))
    }

    var chosenJobs: Int { jobs ?? Self.processors }

    static var processors: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

/// How the result of a campaign is told, and to whom.
public struct ReportOptions: ParsableArguments {
    /// Whether to print the result as JSON.
    @Flag(help: "Print the result as JSON.")
    public var json = false

    /// Where to write the result as JSON.
    @Option(
        help: ArgumentHelp("Write the result as JSON, as merge reads it.", valueName: "file"))
    public var report: String?

    /// Where to write the result as JUnit's XML.
    @Option(
        help: ArgumentHelp(
            "Write the result as JUnit's XML: a test case for each scenario.",
            valueName: "file"))
    public var junit: String?

    /// Whether a situation that was never reached is an error.
    @Flag(help: "Exit with 1 where a rare situation was never reached, and name it.")
    public var demandSometimes = false

    /// Makes options with their defaults.
    public init() {}
}
