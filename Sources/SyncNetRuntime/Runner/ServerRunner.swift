package import Logging
import ServiceLifecycle
package import StateMachine
package import SyncNetProtocol
import UnixSignals

/// Runs one server until it is told to stop: a service for `ServiceGroup`.
package struct ServerRunner<Machine: StateMachine<SyncNet>>: Service {
    /// How long a server in test mode runs; with start and stop well below 10 s.
    private static var testTime: Duration { .seconds(2) }

    private let settings: CheckedSettings
    private let logger: Logger
    private let opener: StoreOpener
    private let make: @Sendable (ServerConfiguration) -> Machine

    /// Makes a runner; refuses settings that can't work.
    package init(
        _ settings: ServerSettings, logger: Logger, storingIn opener: @escaping StoreOpener,
        making make: @escaping @Sendable (ServerConfiguration) -> Machine
    ) throws(SettingsError) {
        self.settings = try settings.checked()
        self.logger = logger
        self.opener = opener
        self.make = make
    }

    /// Starts the server, and stops it cleanly when the group shuts down.
    package func run() async throws {
        logger.info(
            "starting \(settings.own.serverID) on \(settings.address)",
            metadata: ["servers": "\(settings.servers.count)"]
        )
        let server = try await RunningServer.start(
            settings, logger: logger, storingIn: opener, making: make)
        let reason = await waitForEnd(of: server)
        logger.info("stopping \(settings.own.serverID)")
        await server.stop()
        logger.info("stopped \(settings.own.serverID)")
        if let reason { throw reason }
    }

    private func waitForEnd(of server: RunningServer) async -> HaltReason? {
        let isTestMode = settings.settings.isTestMode
        let (ends, end) = AsyncStream<HaltReason?>.makeStream(bufferingPolicy: .bufferingOldest(1))
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await gracefulShutdown(); end.yield(nil)
            }
            if isTestMode {
                group.addTask {
                    try? await Task.sleep(for: Self.testTime); end.yield(nil)
                }
            }
            server.whenEnded { end.yield($0) }
            var iterator = ends.makeAsyncIterator()
            let reason = await iterator.next() ?? nil
            group.cancelAll()
            return reason
        }
    }

    /// Runs the server until SIGINT, SIGTERM or its own end.
    package func runUntilStopped() async throws {
        FileLimit.raise()
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: self, successTerminationBehavior: .gracefullyShutdownGroup)
            ], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(2)
        try await ServiceGroup(configuration: configuration).run()
    }
}
