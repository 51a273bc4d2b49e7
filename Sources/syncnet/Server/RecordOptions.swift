import ArgumentParser

/// The flags that say whether and where servers record their events.
struct RecordOptions: ParsableArguments {
    @Option(
        help: "Record all events in files in this directory, for \"syncnet conform\".")
    var record: String?

    @Option(help: "How many MiB the records of one server may take; then recording stops.")
    var recordLimit: Int?

    /// Changes a plan as the flags say.
    func apply(to plan: inout ClusterPlan) throws {
        if let record { plan.recordDirectory = record }
        if let recordLimit { plan.recordLimit = try RecordEffects.parse(limit: "\(recordLimit)") }
    }

    /// The same flags again, for a process of a server.
    var arguments: [String] {
        [("--record", record), ("--record-limit", recordLimit.map(String.init))]
            .flatMap { name, value in value.map { [name, $0] } ?? [] }
    }
}
