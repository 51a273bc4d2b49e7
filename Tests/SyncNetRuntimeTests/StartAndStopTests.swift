import Foundation
import Logging
import ServiceLifecycle
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage
import Synchronization
import Testing

extension RuntimeSuite {
    @Suite struct StartAndStopTests {
        private func runner(of settings: ServerSettings) throws -> ServerRunner<Server> {
            var logger = Logger(label: settings.serverID)
            logger.logLevel = .critical
            return try ServerRunner(
                settings, logger: logger,
                storingIn: ServerStore.opener(directory: settings.dataPath),
                making: { Server($0) })
        }

        private func openFiles() -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        }

        private func threads() -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server starts and stops twenty times, and leaves nothing behind`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            await cluster.stop(0)
            let (files, before) = (openFiles(), threads())
            for round in 0..<20 {
                try await cluster.start(0)
                if round.isMultiple(of: 3) { await cluster.kill(0) } else { await cluster.stop(0) }
            }
            // Other tests of this process open files and threads as well; one file or thread
            // left by each start would be many more.
            #expect(openFiles() < files + 20)
            #expect(threads() < before + 20)
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server with a client stops in less than two seconds`() async throws {
            let cluster = TestCluster(of: 1)
            // The machine may stand still for a moment; the server does so every time.
            var fastest = Duration.seconds(60)
            for _ in 0..<3 where fastest >= .seconds(2) {
                try await cluster.start(0)
                let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
                try await client.join("garden")
                let took = await ContinuousClock().measure { await cluster.stop(0) }
                fastest = min(fastest, took)
                await client.close()
            }
            #expect(fastest < .seconds(2))
        }

        @Test(.timeLimit(.minutes(1)))
        func `test mode starts, and stops within ten seconds`() async throws {
            var settings = TestCluster(of: 1).settings[0]
            settings.isTestMode = true
            let runner = try runner(of: settings)
            let took = try await ContinuousClock().measure { try await runner.run() }
            #expect(took < .seconds(10))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a graceful shutdown of the group stops the server cleanly`() async throws {
            let cluster = TestCluster(of: 1)
            let quiet = Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
            var fastest = Duration.seconds(60)
            for _ in 0..<3 where fastest >= .seconds(2) {
                let runner = try runner(of: cluster.settings[0])
                let group = ServiceGroup(services: [runner], logger: quiet)
                let running = Task { try await group.run() }
                _ = try await cluster.leader()
                let took = try await ContinuousClock().measure {
                    await group.triggerGracefulShutdown()
                    try await running.value
                }
                fastest = min(fastest, took)
            }
            #expect(fastest < .seconds(2))
            try await cluster.start(0)
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server whose disk is full starts again by itself once there is room`() async throws
        {
            let cluster = TestCluster(of: 1)
            let full = MemoryDisk(failsAfter: 1)
            let starts = Mutex(0)
            let hasRoom = Mutex(false)
            let directory = cluster.settings[0].dataPath
            let runner = try ServerRunner(
                cluster.settings[0],
                logger: Logger(label: "full") { _ in SwiftLogNoOpLogHandler() },
                storingIn: {
                    let start = starts.withLock {
                        $0 += 1
                        return $0
                    }
                    return try start == 1
                        ? full.opener() : ServerStore.opener(directory: directory)()
                },
                making: { Server($0) }, hasRoom: { _ in hasRoom.withLock { $0 } })
            let group = ServiceGroup(
                services: [runner], logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
            )
            let running = Task { try await group.run() }
            while !full.isClosed.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
            try await Task.sleep(for: DiskRoom.pause * 1.5)
            #expect(starts.withLock { $0 } == 1, "it waits for room")
            hasRoom.withLock { $0 = true }
            _ = try await cluster.leader()
            #expect(starts.withLock { $0 } == 2)
            await group.triggerGracefulShutdown()
            try await running.value
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server that waits for room ends when it is asked to`() async throws {
            let full = MemoryDisk(failsAfter: 0)
            let runner = try ServerRunner(
                TestCluster(of: 1).settings[0],
                logger: Logger(label: "full") { _ in SwiftLogNoOpLogHandler() },
                storingIn: full.opener, making: { Server($0) }, hasRoom: { _ in false })
            let group = ServiceGroup(
                services: [runner], logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
            )
            let running = Task { try await group.run() }
            while !full.isClosed.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
            await group.triggerGracefulShutdown()
            try await running.value
        }

        @Test(.timeLimit(.minutes(1)))
        func `a runner tells in one line why it can't start`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            let runner = try runner(of: cluster.settings[0])
            let error = await #expect(throws: PortError.self) { try await runner.run() }
            #expect(error?.description.contains("\n") == false)
            await cluster.stopAll()
        }
    }
}
