public import ArgumentParser
import Foundation

/// A half-open range of seeds, written `100..<200`.
public struct SeedRange: ExpressibleByArgument, Equatable, Sendable {
    /// The seeds.
    public var seeds: Range<UInt64>

    /// Makes a range.
    public init(_ seeds: Range<UInt64>) { self.seeds = seeds }

    /// Reads `FIRST..<END`.
    public init?(argument: String) {
        let parts = argument.components(separatedBy: "..<")
        guard parts.count == 2, let first = UInt64(parts[0]), let end = UInt64(parts[1]),
            first < end
        else { return nil }
        seeds = first..<end
    }
}

/// The options of a command that runs a campaign.
public struct CampaignOptions: ParsableArguments {
    /// The scenarios to run; all where none is named.
    @Argument(help: "The scenarios to run; all where none is named.")
    public var scenarios: [String] = []

    /// The seeds, dealt out to the scenarios in turn.
    @Option(help: "The seeds, as FIRST..<END; dealt out to the scenarios in turn.")
    public var seeds: SeedRange?

    /// How many seeds, from 0 on.
    @Option(help: "How many seeds, from 0 on, where no --seeds are given.")
    public var count: UInt64 = 100

    /// How many processes work at a time.
    @Option(help: "How many processes work at a time; by default one per processor.")
    public var jobs: Int?

    /// After how many failures to stop.
    @Option(help: "Stop after so many failures.")
    public var failuresMost: Int = 10

    /// Where to keep failures.
    @Option(
        help: ArgumentHelp(
            "Keep a story of each failure in this directory.", valueName: "directory"))
    public var keep: String?

    /// Whether to print the result as JSON.
    @Flag(help: "Print the result as JSON.")
    public var json = false

    /// Makes options with their defaults.
    public init() {}

    /// Refuses numbers that make no sense.
    public mutating func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs has to be at least 1.") }
        if count < 1 { throw ValidationError("--count has to be at least 1.") }
        if failuresMost < 1 { throw ValidationError("--failures-most has to be at least 1.") }
    }

    var chosenSeeds: Range<UInt64> { seeds?.seeds ?? 0..<count }

    var chosenJobs: Int {
        jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount)
    }
}
