import ArgumentParser
import Foundation
import SyncNetRuntime

/// Starts all configured servers, as processes of their own.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the configured servers (three by default) here, until Ctrl-C.")

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(
        help: "Answer monitors over HTTP: the first server of the ring here, the next one higher.")
    var httpPort: Int?

    @OptionGroup var record: RecordOptions

    func run() async throws {
        Privacy.keep()
        var plan = try cluster.plan()
        try record.apply(to: &plan)
        try plan.check()
        Signals.ignoreBrokenPipes()
        let level =
            (logLevel.map { ["--log-level", $0] } ?? [])
            + (httpPort.map { ["--http-port", "\($0)"] } ?? [])
        let children = plan.ring.map { server in
            ChildServer(
                id: server.serverID,
                arguments: ["server", "--server-id", server.serverID, "--until-input-ends"]
                    + cluster.arguments + record.arguments + level)
        }
        var supervision = Supervision(plan: plan, children: children)
        let code = try await supervision.run()
        if code != 0 { throw ExitCode(code) }
    }
}
