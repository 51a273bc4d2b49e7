import ArgumentParser
import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime

/// Where a client begins, and who it is.
struct ConnectionOptions: ParsableArguments {
    /// Whoever waits longer is told what for.
    private static let silenceMax = Duration.milliseconds(700)

    @Option(help: "The host of a server to begin with; it tells where the others are.")
    var serverHost: String?

    @Option(help: "Its port for clients.")
    var serverPort: Int?

    @OptionGroup var login: LoginOptions

    @Option(help: "How many seconds to look for a server before giving up.")
    var patience = Seconds(10)

    @OptionGroup var place: PlaceOptions
    @OptionGroup(visibility: .hidden) var home: HomeOptions

    /// What file, environment and flags say of the cluster.
    func plan() throws -> ClusterPlan { try ClusterFlags(place, home).plan() }

    /// The name as flag, environment or the system have it.
    func chosenName() throws -> String { try login.chosenName() }

    /// Connects to the first server that answers.
    /// - Parameter waitsForPassword: Whether somebody is there to type another one later.
    func connect(waitsForPassword: Bool = false) async throws -> ChatClient {
        let plan = try plan()
        try plan.checkForLooking()
        let name = try login.chosenName(limits: plan.limits)
        let password = try login.chosenPassword()
        let tls = try plan.trust()
        let remark = remarkLater()
        defer { remark.cancel() }
        let servers = try await addresses(of: plan)
        do throws(ChatError) {
            return try await ChatClient.connect(
                to: servers, name: name, within: patience.duration, timing: plan.timing,
                password: password, tls: tls, waitsForPassword: waitsForPassword)
        } catch {
            throw Failure(error)
        }
    }

    /// A person is not left without a word; a log is.
    private func remarkLater() -> Task<Void, any Error> {
        let limit = patience.words
        return Task {
            try await Task.sleep(for: Self.silenceMax)
            guard isatty(2) == 1 else { return }
            Terminal.printError("looks for a server that answers, for \(limit) s at most …")
        }
    }

    /// The server that was named; otherwise those that answer a broadcast, and after them those
    /// of the configuration.
    private func addresses(of plan: ClusterPlan) async throws -> [ChatAddress] {
        let environment = ProcessInfo.processInfo.environment
        let host = serverHost ?? environment["SYNCNET_SERVER_HOST"]
        let named = serverPort.map(String.init) ?? environment["SYNCNET_SERVER_PORT"]
        let port = named.map { Int($0) ?? 0 }
        if let port, !(1...65_535).contains(port) {
            throw Failure("the server's port has to be from 1 to 65535, not \(named ?? "")")
        }
        guard host == nil, port == nil else {
            // Without a port, those that the servers are said to have.
            let ports = port.map { [$0] } ?? Set(plan.members.map { Int($0.port) }).sorted()
            return ports.map { ChatAddress(host: host ?? "localhost", port: $0) }
        }
        let found = try? await ClusterSearch.find(
            broadcast: plan.network.broadcastAddress,
            ports: plan.ring.map(\.discoveryPort), within: .seconds(min(patience.value / 2, 1)))
        let known = plan.members.map { ChatAddress(host: $0.host.string, port: Int($0.port)) }
        return (found ?? []).map { ChatAddress(host: $0.host.string, port: Int($0.port)) } + known
    }
}
