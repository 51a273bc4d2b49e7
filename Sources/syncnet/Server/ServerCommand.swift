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

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(
        help: "Answer monitors over HTTP: the first server of the ring here, the next one higher.")
    var httpPort: Int?

    @Option(help: "How to write the log: text for people, json for programs.")
    var logFormat: String?

    @OptionGroup var record: RecordOptions

    @Flag(help: "Start, show that everything works, and stop, within 10 seconds.")
    var testMode = false

    @Flag(help: "This is a new cluster, though not every configured server is there.")
    var newCluster = false

    @Flag(help: .hidden)
    var untilInputEnds = false

    func run() async throws {
        Privacy.keep()
        var settings = try settings()
        _ = try ClusterPlan.checked(settings)
        Signals.ignoreBrokenPipes()
        if untilInputEnds { Lifeline.hold() }
        let processFile = ProcessFile(directory: settings.dataPath)
        try processFile.write()
        defer { processFile.remove() }
        settings.operatorToken = try token(in: settings.dataPath)
        let (level, format) = (settings.logLevel, try format())
        let logger = Logger(label: settings.serverID) { label in
            format.handler(label: label, level: level)
        }
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

    private func format() throws -> LogFormat {
        try logFormat.map(LogFormat.parse) ?? cluster.plan().logFormat
    }

    private func settings() throws -> ServerSettings {
        var plan = try cluster.plan()
        if let httpPort { plan.httpPort = try ClusterPlan.parse(httpPort: "\(httpPort)") }
        try record.apply(to: &plan)
        let known = plan.ring.map(\.serverID)
        guard let id = serverId ?? plan.serverID else {
            throw Failure(
                "which server? Say --server-id with one of \(known.joined(separator: ", "))")
        }
        var settings = try plan.serverSettings(of: id)
        if let logLevel { settings.logLevel = try ClusterPlan.parse(logLevel: logLevel) }
        settings.isTestMode = testMode
        settings.formsNewCluster = newCluster
        return settings
    }
}
