import ArgumentParser
import Foundation
import SyncNetRuntime

/// Writes the configuration of a new cluster.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented configuration file, and a secret for the servers.",
        discussion: """
            With --tls also a folder with a private authority and a certificate for each server: \
            for trying out, since whoever has the authority's key can pretend to be a server.
            """)

    @Option(help: "How many servers; a cluster of 3 goes on while 2 of them run.")
    var servers = 3

    @Option(help: "Their hosts, one for all or one for each: 10.0.0.1,10.0.0.2,10.0.0.3")
    var hosts = "localhost"

    @Option(help: "The base port; servers on the same host get the next ones.")
    var basePort = 8_000

    @Option(help: "The configuration file to write.")
    var output = "cluster.yaml"

    @Option(help: "The secret file to write; OUTPUT with the ending .secret by default.")
    var secretFile: String?

    @Flag(help: "Encrypt: make certificates for trying out, in OUTPUT with the ending .tls.")
    var tls = false

    func run() throws {
        var plan = try plan()
        let secretPath = secretFile ?? Self.stem(of: output) + ".secret"
        let certificates = tls ? TrialCertificates(directory: Self.stem(of: output) + ".tls") : nil
        guard !output.isEmpty, secretPath != output else {
            throw Failure("--output and --secret-file have to be two files")
        }
        let paths = [output, secretPath] + [certificates?.directory].compactMap { $0 }
        for path in paths where FileManager.default.fileExists(atPath: path) {
            throw Failure("\(path) is there already: remove it, or choose another name")
        }
        if let certificates {
            try certificates.write(for: plan.servers)
            let files = TrialCertificates(
                directory: FilePath.written(certificates.directory, besides: output)
            ).files
            plan.tls = files
        }
        do {
            try write(plan, secretPath: secretPath)
        } catch {
            certificates?.remove()
            throw error
        }
        Terminal.print(
            """
            \(output): \(plan.servers.count) servers; look it over, then "syncnet check-config \
            \(output)"
            \(secretPath): their secret; copy both files to all servers, and let nobody else read \
            this one
            """)
        if let certificates { tell(of: certificates) }
        for server in plan.ring {
            Terminal.print(
                "on \(server.host): syncnet server --config \(output) --server-id "
                    + server.serverID)
        }
    }

    /// Writes secret and configuration, or none of them: what was left would be in the way of the
    /// next try.
    private func write(_ plan: ClusterPlan, secretPath: String) throws {
        try NewFile.write(Self.secret() + "\n", to: secretPath, mode: 0o600)
        do {
            let secretFile = FilePath.written(secretPath, besides: output)
            try NewFile.write(
                ConfigurationText(plan, secretFile: secretFile).text, to: output, mode: 0o644)
        } catch {
            unlink(secretPath)
            throw error
        }
    }

    private func tell(of certificates: TrialCertificates) {
        let folder = certificates.directory
        Terminal.print(
            """
            \(folder): certificates for trying out; each server needs its own two files and \
            authority.crt, clients say --tls-authority \(folder)/authority.crt, and \
            authority.key is for nobody
            """)
    }

    private static func stem(of path: String) -> String {
        path.hasSuffix(".yaml") ? String(path.dropLast(5)) : path
    }

    /// 64 hexadecimal digits that nobody can guess.
    private static func secret() -> String {
        var dice = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(dice.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private func plan() throws -> ClusterPlan {
        guard (1...64).contains(servers) else {
            throw Failure("\(servers) servers: choose from 1 to 64")
        }
        guard (1...65_535).contains(basePort) else {
            throw Failure("base port \(basePort): choose from 1 to 65535")
        }
        let names = hosts.split(separator: ",").map(String.init)
        guard names.count == 1 || names.count == servers else {
            throw Failure(
                "\(names.count) hosts for \(servers) servers: name one host, or one for each")
        }
        var plan = ClusterPlan()
        plan.servers = (0..<servers).map { place in
            let host = names.count == 1 ? names[0] : names[place]
            let before = names.count == 1 ? place : names[..<place].filter { $0 == host }.count
            return ServerConfig(
                serverID: "server\(place + 1)", host: host, basePort: Self.port(basePort, before),
                ringPosition: place)
        }
        if let address = names.lazy.compactMap({ IPv4Address($0) }).first, !address.isLoopback {
            plan.network.broadcastAddress = "255.255.255.255"
            // What is multicast is open to the whole network: with TLS it stays on the machine.
            if tls { plan.network.multicastTTL = 0 }
        }
        try plan.checkForLooking()
        return plan
    }

    /// The base port of a host's server: ten in a row, then room for the ports of those.
    private static func port(_ first: Int, _ place: Int) -> Int {
        first + place % 10 + place / 10 * 50
    }
}
