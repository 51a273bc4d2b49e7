import ArgumentParser
import Foundation
import SyncNetRuntime

/// Starts all configured servers, as processes of their own.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the configured servers (three by default) here, until Ctrl-C.")

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var options: ServerOptions

    func run() async throws {
        Privacy.keep()
        var plan = try cluster.plan()
        try options.apply(to: &plan)
        try plan.check()
        Signals.ignoreBrokenPipes()
        let children = plan.ring.map { server in
            ChildServer(
                id: server.serverID,
                arguments: ["server", "--server-id", server.serverID, "--until-input-ends"]
                    + cluster.arguments + options.arguments)
        }
        var supervision = Supervision(plan: plan, children: children)
        let code = try await supervision.run()
        if code != 0 { throw ExitCode(code) }
    }
}
