public import ArgumentParser

/// The options of a command that joins the reports of shards.
public struct MergeOptions: ParsableArguments {
    /// The reports, one for each shard.
    @Argument(help: "The reports of all shards, as --report wrote them.")
    public var files: [String]

    /// Whether they are of several campaigns.
    @Flag(help: "The reports are of several campaigns, of which each is whole: add them up.")
    public var several = false

    /// How the result is told.
    @OptionGroup public var reporting: ReportOptions

    /// Makes options with their defaults.
    public init() {}

    /// Refuses to merge nothing.
    public mutating func validate() throws {
        if files.isEmpty { throw ValidationError("Which reports? Name the files.") }
    }
}
