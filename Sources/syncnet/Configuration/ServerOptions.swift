import ArgumentParser

/// The flags that say how a server runs, besides which cluster it belongs to.
struct ServerOptions: ParsableArguments {
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(
        help: "Answer monitors over HTTP: the first server of the ring here, the next one higher.")
    var httpPort: Int?

    @Option(help: "How to write the log: text for people, json for programs.")
    var logFormat: String?

    @OptionGroup var record: RecordOptions

    /// Changes a plan as the flags say.
    func apply(to plan: inout ClusterPlan) throws {
        if let logLevel { plan.logLevel = try ClusterPlan.parse(logLevel: logLevel) }
        if let httpPort { plan.httpPort = try ClusterPlan.parse(httpPort: "\(httpPort)") }
        if let logFormat { plan.logFormat = try LogFormat.parse(logFormat) }
        try record.apply(to: &plan)
    }

    /// The same flags again, for a process of a server.
    var arguments: [String] {
        let pairs = [
            ("--log-level", logLevel), ("--http-port", httpPort.map(String.init)),
            ("--log-format", logFormat),
        ]
        return pairs.flatMap { name, value in value.map { [name, $0] } ?? [] } + record.arguments
    }
}
