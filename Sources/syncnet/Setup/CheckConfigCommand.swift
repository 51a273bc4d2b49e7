import ArgumentParser
import Foundation
import SyncNetCertificates
import SyncNetRuntime

/// Says what is wrong with a configuration, or what it would run.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Explain all that is wrong with a configuration, or show what it would run.",
        discussion: "The exit code is 0 where servers would start, and 1 where not.")

    @Argument(help: "The file; --config and SYNCNET_CONFIG do as well.")
    var file: String?

    @Option(help: "Look at it as on the machine of this server; at all of them by default.")
    var serverId: String?

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var options: ServerOptions

    func run() throws {
        let (plan, problems) = try examine()
        for line in problems { Terminal.printError(line) }
        guard problems.isEmpty else {
            Terminal.printError("\(problems.count) to change: no server would start")
            throw ExitCode(1)
        }
        show(plan)
    }

    private func examine() throws -> (ClusterPlan, [String]) {
        var plan = ClusterPlan()
        var problems: [String] = []
        let environment = ProcessInfo.processInfo.environment
        let layers = cluster.flags.layers(environment: environment)
        if let path = file ?? cluster.place.config ?? environment["SYNCNET_CONFIG"] {
            do {
                try ConfigurationFile.read(path, into: &plan)
            } catch let mistakes as Mistakes {
                problems += mistakes.problems
            } catch let failure as Failure {
                problems.append(failure.description)
            }
        }
        do { try layers.apply(to: &plan) } catch { problems += error.problems }
        do { try options.apply(to: &plan) } catch { problems.append("\(error)") }
        plan.serverID = serverId ?? plan.serverID
        for name in layers.unknownVariables {
            Terminal.printError(
                "note: \(name): no setting is called so, and servers ignore it; take it out of "
                    + "the environment")
        }
        return (plan, problems + settingsProblems(plan))
    }

    private func settingsProblems(_ plan: ClusterPlan) -> [String] {
        var settings = plan.settings(of: plan.serverID ?? plan.ring.first?.serverID ?? "")
        var problems: [String] = []
        if let path = plan.secretFile {
            do {
                settings.secret = try ClusterSecret.read(path)
            } catch {
                settings.demandsSecret = false
                problems += error.problems.map { located($0, "secret_file", plan) }
            }
        }
        do {
            _ = try settings.checked()
        } catch {
            problems += error.details.filter { isTrue($0, of: plan) }.map {
                located($0.text, $0.subject, plan)
            }
        }
        guard plan.knowsServers else { return problems }
        problems += dataProblems(plan)
        problems += httpProblems(plan).filter { !problems.contains($0) }
        return problems + tlsProblems(plan)
    }

    /// Where servers were left out, since something was wrong with them, nothing is said of all.
    private func isTrue(_ problem: SettingsProblem, of plan: ClusterPlan) -> Bool {
        plan.knowsServers || !["servers", "http_port"].contains(problem.subject)
    }

    /// A directory can be made where nothing is in its way.
    private func dataProblems(_ plan: ClusterPlan) -> [String] {
        var problems: [String] = []
        for server in plan.serversHere {
            let path = plan.settings(of: server.serverID).dataPath
            guard let file = FilePath.firstFile(in: path) else { continue }
            let text = located(
                "data_dir: \(file) is a file, not a directory", "data_dir", plan)
            if !problems.contains(text) { problems.append(text) }
        }
        return problems
    }

    /// Each server has an HTTP port of its own.
    private func httpProblems(_ plan: ClusterPlan) -> [String] {
        guard plan.httpPort != nil else { return [] }
        return plan.ring.compactMap { server in
            plan.settings(of: server.serverID).httpProblem
                .map { located($0, "http_port", plan) }
        }
    }

    private func tlsProblems(_ plan: ClusterPlan) -> [String] {
        guard !plan.tls.isEmpty else { return [] }
        var problems: [String] = []
        for server in plan.serversHere {
            do {
                _ = try ServerTLS.read(plan.tls, for: server)
            } catch {
                let lines = error.details.map { located($0.text, $0.subject, plan) }
                // What all servers share is told once.
                problems += lines.filter { !problems.contains($0) }
            }
        }
        return problems
    }

    private func located(_ text: String, _ subject: String, _ plan: ClusterPlan) -> String {
        plan.places[subject].map { "\($0): \(text)" } ?? text
    }

    private func show(_ plan: ClusterPlan) {
        Terminal.print("\(plan.servers.count) servers would run:")
        for server in plan.ring {
            let ports = PortPurpose.allCases.map { "\($0.name) \(server.port($0))" }
            Terminal.print(
                "\(server.serverID) at \(server.host), \(ports.joined(separator: ", ")), data in "
                    + plan.settings(of: server.serverID).dataPath)
        }
        Terminal.print(
            plan.secretFile.map { "authenticated with the secret in \($0)" }
                ?? "without a secret: every program on this machine is trusted")
        guard let certificate = plan.tls.certificate else { return }
        let servers = plan.serversHere.map(\.serverID)
        Terminal.print(
            "encrypted with the certificates in \(certificate), "
                + (servers.isEmpty
                    ? "none of which was looked at: name the server here, SYNCNET_SERVER_ID"
                    : "looked at for \(servers.joined(separator: ", "))"))
    }
}
