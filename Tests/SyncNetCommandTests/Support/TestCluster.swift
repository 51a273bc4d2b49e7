import Foundation
import Synchronization
import Testing

/// Three servers as real processes on ports of their own.
final class TestCluster {
    let directory: URL
    let basePort: Int
    private let size: Int
    private var servers: [Running?]

    /// Every cluster gets ports that no earlier one had: a port may linger after a kill.
    private static let blocks = Mutex(0)

    /// The first of 60 ports that nothing else here uses.
    static func freshPorts() -> Int {
        let first = ProcessInfo.processInfo.environment["SYNCNET_TEST_PORT"].flatMap { Int($0) }
        let block = blocks.withLock { block in
            defer { block += 1 }
            return block % 16
        }
        return (first ?? 23_000) + 60 * block
    }

    init(size: Int = 3, basePort: Int? = nil) throws {
        self.size = size
        self.basePort = basePort ?? Self.freshPorts()
        directory = try Place.temporary()
        servers = Array(repeating: nil, count: size)
    }

    /// Three servers of which one leads, for as long as the body takes.
    static func healthy(_ body: (TestCluster) throws -> Void) throws {
        let cluster = try TestCluster()
        defer { cluster.remove() }
        try cluster.start()
        try cluster.becomesHealthy()
        try body(cluster)
    }

    /// The servers' addresses as `--members` takes them.
    var members: String {
        (0..<size).map { "server\($0 + 1)=localhost:\(basePort + $0)" }.joined(separator: ",")
    }

    /// The flags that name this cluster.
    var flags: [String] { ["--members", members, "--data-dir", directory.path] }

    /// The ports for clients.
    var ports: [Int] { (0..<size).map { basePort + $0 } }

    func start() throws { for number in 1...size { try start(number) } }

    func start(_ number: Int) throws {
        servers[number - 1] = try Running.syncnet(
            ["server", "--server-id", "server\(number)"] + flags)
    }

    func server(_ number: Int) throws -> Running { try #require(servers[number - 1]) }

    /// `kill -9`.
    func kill(_ number: Int) throws {
        let server = try server(number)
        server.send(SIGKILL)
        _ = server.end(within: 5)
    }

    /// A clean stop; gives what it left.
    func stop(_ number: Int) throws -> Ended? {
        let server = try server(number)
        server.send(SIGTERM)
        return server.end(within: 10)
    }

    /// Ends everything and removes the data.
    func remove() {
        for server in servers { server?.send(SIGKILL) }
        for server in servers { _ = server?.end(within: 5) }
        do { try FileManager.default.removeItem(at: directory) } catch { return }
    }

    /// The numbers of the servers that call themselves leader, asked as the guide's monitor asks.
    func leaders() -> [Int] {
        (1...size).filter { number in
            GuideMonitor.answer(port: basePort + number - 1)?.lowercased().contains("leader")
                ?? false
        }
    }

    /// Waits for exactly one leader and gives its number.
    func leader(within seconds: Double = 15) throws -> Int {
        var seen: [Int] = []
        let isThere = Wait.until(seconds) {
            seen = leaders()
            return seen.count == 1
        }
        try #require(isThere, "leaders after \(seconds) s: \(seen)\n\(logs)")
        return seen[0]
    }

    /// Waits until `syncnet status` calls the cluster healthy.
    func becomesHealthy(within seconds: Double = 20) throws {
        let status = try Running.syncnet(["status", "--wait", "\(seconds)"] + flags)
        let end = try #require(status.end(within: seconds + 10))
        try #require(end.code == 0, "\(end.output)\(end.errors)\n\(logs)")
    }

    /// What the servers have written, for whoever reads a failure.
    var logs: String {
        servers.enumerated().map { "server\($0 + 1):\n\($1?.text.suffix(2_000) ?? "-")" }
            .joined(separator: "\n")
    }
}
