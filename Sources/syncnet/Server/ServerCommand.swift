import ArgumentParser
import Foundation
import Logging
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage

/// Runs one server.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Run one server, until Ctrl-C or SIGTERM.")

    @Option(help: "Which of the configured servers this one is.")
    var serverId: String?

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup var options: ServerOptions

    @Flag(help: "Start, show that everything works, and stop, within 10 seconds.")
    var testMode = false

    @Flag(help: "This is a new cluster, though not every configured server is there.")
    var newCluster = false

    @Flag(help: .hidden)
    var untilInputEnds = false

    func run() async throws {
        Privacy.keep()
        let plan = try plan()
        var settings = try settings(of: plan)
        _ = try ClusterPlan.checked(settings)
        Signals.ignoreBrokenPipes()
        if untilInputEnds { Lifeline.hold() }
        let processFile = ProcessFile(
            directory: settings.dataPath, server: settings.serverID)
        let (level, format) = (settings.logLevel, plan.logFormat)
        let logger = Logger(label: settings.serverID) { label in
            format.handler(label: label, level: level)
        }
        let path = settings.dataPath
        let prepare = {
            try processFile.write()
            return try token(in: path)
        }
        defer { processFile.remove() }
        settings.operatorToken =
            testMode
            ? try prepare()
            : try await RoomAtStart(directory: path, logger: logger).whenThere(prepare)
        do {
            let runner = try ServerRunner(
                settings, logger: logger,
                storingIn: ServerStore.opener(directory: settings.dataPath),
                making: { Server($0) })
            try await runner.runUntilStopped()
        } catch {
            guard format == .json else { throw Failure("\(settings.serverID): \(error)") }
            // Whoever reads JSON gets nothing else.
            logger.critical("\(error)")
            throw ExitCode(1)
        }
    }

    private func token(in directory: String) throws -> String {
        do {
            return try OperatorToken.readOrMake(in: directory)
        } catch {
            throw Failure(
                "can't read or make \(directory)/\(OperatorToken.fileName): \(error)")
        }
    }

    private func plan() throws -> ClusterPlan {
        var plan = try cluster.plan()
        try options.apply(to: &plan)
        return plan
    }

    private func settings(of plan: ClusterPlan) throws -> ServerSettings {
        let known = plan.ring.map(\.serverID)
        guard let id = serverId ?? plan.serverID else {
            throw Failure(
                "which server? Say --server-id with one of \(known.joined(separator: ", "))")
        }
        var settings = try plan.serverSettings(of: id)
        settings.isTestMode = testMode
        settings.formsNewCluster = newCluster
        return settings
    }
}
