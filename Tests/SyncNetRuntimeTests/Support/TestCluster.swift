import Foundation
import Logging
import StateMachine
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage
import Synchronization

/// Ports that no other test of this process has, far from those of real clusters.
enum TestPorts {
    private static let next = Atomic(0)

    /// The first of fifty free ports; they are used again after nineteen others.
    static func take() -> Int {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return 21_000 + number % 19 * 50
    }
}

/// Servers with data directories of their own, that are started and killed in this process.
final class TestCluster: Sendable {
    let settings: [ServerSettings]
    /// Whom clients of it trust.
    let trust: ChatTLS?
    private let directory: URL
    private let running = Mutex<[Int: RunningServer]>([:])

    init(
        of size: Int = 3, timing: Timing = .lan, logLevel: Logger.Level = .error,
        trust: ChatTLS? = nil, _ change: (inout ServerSettings) -> Void = { _ in }
    ) {
        let base = TestPorts.take()
        let directory = FileManager.default.temporaryDirectory
            .appending(component: "syncnet-\(UUID().uuidString)")
        let servers = (0..<size).map {
            ServerConfig(
                serverID: "server\($0 + 1)", host: "localhost", basePort: base + $0,
                ringPosition: $0)
        }
        settings = servers.map {
            var settings = ServerSettings(serverID: $0.serverID, servers: servers)
            settings.dataDirectory = directory.appending(component: $0.serverID).path
            settings.timing = timing
            settings.logLevel = logLevel
            change(&settings)
            return settings
        }
        self.directory = directory
        self.trust = trust
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    var addresses: [ChatAddress] {
        settings[0].servers.map { ChatAddress(host: $0.host, port: $0.tcpPort) }
    }

    func start(_ place: Int) async throws {
        let server = try await Self.start(settings[place])
        running.withLock { $0[place] = server }
    }

    static func start(_ settings: ServerSettings) async throws -> RunningServer {
        var logger = Logger(label: settings.serverID)
        logger.logLevel = settings.logLevel
        return try await RunningServer.start(
            settings.checked(), logger: logger,
            storingIn: ServerStore.opener(directory: settings.dataPath), making: { Server($0) })
    }

    func startAll() async throws {
        for place in settings.indices { try await start(place) }
    }

    /// Starts all, and stops all that runs when the body has ended, however that was.
    func run(_ body: () async throws -> Void) async throws {
        do {
            try await startAll()
            try await body()
        } catch {
            await stopAll()
            throw error
        }
        await stopAll()
    }

    /// How often a server dropped something for a reason.
    func counted(_ reason: Counters.Reason, at place: Int = 0) async throws -> UInt64 {
        try await server(place)?.counters()[reason] ?? 0
    }

    func server(_ place: Int) -> RunningServer? { running.withLock { $0[place] } }

    func kill(_ place: Int) async { await take(place)?.kill() }

    func stop(_ place: Int) async { await take(place)?.stop() }

    func stopAll() async {
        for place in settings.indices { await stop(place) }
    }

    private func take(_ place: Int) -> RunningServer? {
        running.withLock { $0.removeValue(forKey: place) }
    }

    /// The place of the one server that says that it leads; waits for it.
    func leader(within limit: Duration = .seconds(10)) async throws -> Int {
        try await eventually("one server leads", within: limit) {
            let answers = await StatusQuery.ask(self.addresses, tls: self.trust)
            let leading = answers.indices.filter {
                guard case .answered(_, let status?) = answers[$0].outcome else { return false }
                return status.role == .leading
            }
            return leading.count == 1 ? leading[0] : nil
        }
    }
}

/// What was waited for did not happen.
struct NeverHappened: Error, CustomStringConvertible {
    var description: String
}

/// Asks again and again until there is an answer.
func eventually<Value: Sendable>(
    _ what: String, within limit: Duration = .seconds(10),
    _ ask: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while clock.now < deadline {
        if let value = try await ask() { return value }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw NeverHappened(description: "not within \(limit): \(what)")
}
