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
    private let hasRoom: @Sendable (String) -> Bool

    /// Makes a runner; refuses settings that can't work.
    package init(
        _ settings: ServerSettings, logger: Logger, storingIn opener: @escaping StoreOpener,
        making make: @escaping @Sendable (ServerConfiguration) -> Machine,
        hasRoom: @escaping @Sendable (String) -> Bool = { DiskRoom.isThere(at: $0) }
    ) throws(SettingsError) {
        self.hasRoom = hasRoom
        self.settings = try settings.checked()
        self.logger = logger
        self.opener = opener
        self.make = make
    }

    /// Runs the server, and stops it cleanly when the group shuts down. One that has ended
    /// because its disk was full starts again as soon as there is room.
    package func run() async throws {
        for notice in settings.tlsNotices() { logger.warning("\(notice)") }
        let monitoring = Monitoring(server: settings.own.serverID)
        let door = try await openDoor(to: monitoring)
        do {
            try await run(watchedBy: monitoring)
        } catch {
            await door?.close()
            throw error
        }
        await door?.close()
    }

    private func openDoor(to monitoring: Monitoring) async throws -> HTTPDoor? {
        guard let port = settings.settings.httpPort else { return nil }
        let door = try await HTTPDoor.open(on: settings.address, port: port) {
            await monitoring.answer($0)
        }
        logger.info("bound port \(port) (metrics and health, HTTP) on \(settings.address)")
        return door
    }

    private func run(watchedBy monitoring: Monitoring) async throws {
        while true {
            do {
                return try await runOnce(watchedBy: monitoring)
            } catch {
                guard Self.isFull(error), !settings.settings.isTestMode else { throw error }
                monitoring.waitsForRoom()
                guard await waitForRoom() else { return }
            }
        }
    }

    private static func isFull(_ error: any Error) -> Bool {
        if let reason = error as? HaltReason { return reason.failure == .full }
        return (error as? any JournalStoreError)?.journalFailure == .full
    }

    /// Whether there is room; false where the group shuts down before.
    private func waitForRoom() async -> Bool {
        let directory = settings.settings.dataPath
        logger.critical(
            "the disk of \(directory) is full: serves nobody until there is room",
            metadata: ["needed": "\(DiskRoom.bytesNeeded >> 20) MiB"])
        do {
            try await cancelWhenGracefulShutdown {
                repeat { try await Task.sleep(for: DiskRoom.pause) } while !hasRoom(directory)
            }
        } catch {
            return false
        }
        logger.notice("there is room again: starting")
        return true
    }

    private func runOnce(watchedBy monitoring: Monitoring) async throws {
        monitoring.starts()
        logger.info(
            "starting \(settings.own.serverID) on \(settings.address)",
            metadata: settings.startMetadata)
        let server = try await RunningServer.start(
            settings, logger: logger, storingIn: opener, making: make)
        monitoring.runs(server)
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
