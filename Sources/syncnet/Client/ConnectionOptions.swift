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

    @Option(
        help: """
            Where to ask for a cluster of which no address is known: loopback, or networks, \
            which are all that this machine is in, where nobody on it answers. By default \
            networks, unless a file names hosts or a password would go without TLS. \
            SYNCNET_DISCOVERY says so as well.
            """)
    var discovery: DiscoveryReach?

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
        try await connect(with: try chosenPassword(), waitsForPassword: waitsForPassword)
    }

    /// The password, where one is to be used: read, or asked for. Not before the rest makes sense.
    func chosenPassword() throws -> String? {
        let plan = try plan()
        try plan.checkForLooking()
        _ = try login.chosenName(limits: plan.limits)
        return try login.chosenPassword()
    }

    /// Connects to the first server that answers, of these as well, and asks nobody for a password.
    func connect(
        with password: String?, to known: [ChatAddress] = [], waitsForPassword: Bool
    ) async throws -> ChatClient {
        let plan = try plan()
        let name = try login.chosenName(limits: plan.limits)
        let tls = try plan.trust()
        let remark = remarkLater()
        defer { remark.cancel() }
        let servers = try await addresses(
            of: plan, sendsPassword: password != nil && tls == nil)
        do throws(ChatError) {
            return try await ChatClient.connect(
                to: servers + known, name: name, within: patience.duration, timing: plan.timing,
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
    private func addresses(
        of plan: ClusterPlan, sendsPassword: Bool
    ) async throws -> [ChatAddress] {
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
        let reach = try discoveryReach(of: plan, sendsPassword: sendsPassword, environment)
        let found = try? await ClusterSearch.find(
            broadcast: plan.network.broadcastAddress, asksNetworks: reach == .networks,
            ports: plan.ring.map(\.discoveryPort), within: .seconds(min(patience.value / 2, 1)))
        let known = plan.members.map { ChatAddress(host: $0.host.string, port: Int($0.port)) }
        // In any order: otherwise all clients would be the first server's.
        let answered = (found ?? []).map { ChatAddress(host: $0.host.string, port: Int($0.port)) }
        return answered.shuffled() + known.shuffled()
    }

    /// A stranger's answer is no better than none: who has the servers' hosts in a file asks
    /// nobody else, and nobody gives a password to whoever answers.
    private func discoveryReach(
        of plan: ClusterPlan, sendsPassword: Bool, _ environment: [String: String]
    ) throws -> DiscoveryReach {
        if let discovery { return discovery }
        let isHere = plan.ring.allSatisfy { IPv4Address($0.host)?.isLoopback ?? false }
        guard environment["SYNCNET_DISCOVERY"] != nil || isHere && !sendsPassword else {
            return .loopback
        }
        guard let word = environment["SYNCNET_DISCOVERY"] else { return .networks }
        guard let reach = DiscoveryReach(rawValue: word) else {
            throw Failure("SYNCNET_DISCOVERY is loopback or networks, not \"\(word)\"")
        }
        return reach
    }
}

/// Whom a client asks that knows nobody.
enum DiscoveryReach: String, ExpressibleByArgument {
    case loopback, networks
}
