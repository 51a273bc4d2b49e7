import ArgumentParser
import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime

/// Where a client begins, and who it is.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The host of a server to begin with; it tells where the others are.")
    var serverHost: String?

    @Option(help: "Its port for clients.")
    var serverPort: Int?

    @Option(help: "What others know you by; the name of your account by default.")
    var name: String?

    @Flag(help: "Log in to the account of that name; the password is asked for.")
    var login = false

    @Option(help: "Log in with the password on the first line of this file.")
    var passwordFile: String?

    @Option(help: "How many seconds to look for a server before giving up.")
    var patience: Double = 10

    @OptionGroup(visibility: .hidden) var cluster: ClusterOptions

    /// Connects to the first server that answers.
    func connect() async throws -> ChatClient {
        let plan = try cluster.plan()
        let name = try chosenName(limits: plan.limits)
        let password = try chosenPassword()
        let tls = try plan.trust()
        let servers = try await addresses(of: plan)
        do throws(ChatError) {
            return try await ChatClient.connect(
                to: servers, name: name, within: .seconds(patience), timing: plan.timing,
                password: password, tls: tls)
        } catch {
            throw Failure(error.description)
        }
    }

    private func chosenPassword() throws -> String? {
        if let passwordFile { return try Password.read(fromFile: passwordFile) }
        return login ? try Password.ask("password: ") : nil
    }

    /// The server that was named; otherwise those that answer a broadcast, and after them those
    /// of the configuration.
    private func addresses(of plan: ClusterPlan) async throws -> [ChatAddress] {
        let environment = ProcessInfo.processInfo.environment
        let host = serverHost ?? environment["SYNCNET_SERVER_HOST"]
        let port = serverPort ?? environment["SYNCNET_SERVER_PORT"].flatMap { Int($0) }
        if let port, !(1...65_535).contains(port) {
            throw Failure("the server's port has to be from 1 to 65535, not \(port)")
        }
        guard host == nil, port == nil else {
            return [ChatAddress(host: host ?? "localhost", port: port ?? 8_000)]
        }
        let found = try? await ClusterSearch.find(
            broadcast: plan.network.broadcastAddress,
            ports: plan.ring.map(\.discoveryPort), within: .seconds(min(patience / 2, 1)))
        let known = plan.members.map { ChatAddress(host: $0.host.string, port: Int($0.port)) }
        return (found ?? []).map { ChatAddress(host: $0.host.string, port: Int($0.port)) } + known
    }

    /// The name as flag, environment or the system have it.
    func chosenName(limits: Limits = Limits()) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let name = name ?? environment["SYNCNET_NAME"] ?? environment["USER"] ?? NSUserName()
        guard !name.isEmpty, name.utf8.count <= limits.nameBytes else {
            throw Failure("the name has to be 1 to \(limits.nameBytes) bytes long: choose --name")
        }
        return name
    }
}
