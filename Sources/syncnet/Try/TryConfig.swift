import ArgumentParser
import SyncNetRuntime

/// What a configuration means.
struct TryConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Load a configuration and show what it means.")

    @OptionGroup var cluster: ClusterOptions

    func run() throws {
        let plan = try cluster.plan()
        try plan.checkForLooking()
        Terminal.print("\(plan.servers.count) servers")
        for server in plan.ring {
            let ports = PortPurpose.allCases.map { "\($0.name) \(server.port($0))" }
            Terminal.print(
                "\(server.serverID) at \(server.host), ring position \(server.ringPosition): "
                    + ports.joined(separator: ", "))
        }
    }
}
