import Foundation
import StateMachine
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import SyncNetTorture

/// The servers, their disks, clocks and networks, and what can be done to them.
final class TorturedCluster {
    let settings: TortureSettings
    let servers: [TorturedServer]
    let relay: Relay
    /// Where the servers record their events.
    let records: String
    private let namespaces: Namespaces?
    private let disks: [SmallDisk]
    private let clock: FakeClock?
    /// Whom to trust; nil where nothing is encrypted.
    let tls: ChatTLS?
    /// Servers that were told to be no members, are down, and have to be made members again.
    private var removed: Set<Int> = []
    /// How many servers were removed, as another one has confirmed.
    private(set) var removals = 0
    /// The weather that lasts, by the number of the torment that brought it.
    private var skies: [Int: [(weather: Weather, links: [Link])]] = [:]

    /// Makes all of it in a folder; no server runs yet.
    init(_ settings: TortureSettings, in place: RunPlace) async throws {
        self.settings = settings
        records = place.records
        let isolated = settings.abilities.mode == .namespaces
        namespaces = isolated ? try Namespaces(place, servers: settings.servers) : nil
        if settings.abilities.hasFilters { try namespaces?.prepareFilters() }
        clock = settings.abilities.hasClock ? FakeClock(directory: place.directory) : nil
        do {
            relay = try await Relay.open(settings.map, seed: settings.seed)
        } catch {
            throw Failure("the relay can't have its ports (\(error)): choose another --base-port")
        }
        let certificates = settings.isEncrypted ? try Self.certificates(settings, in: place) : nil
        tls = try certificates?.files.authority.map { path in
            do { return try ChatTLS(authority: path) } catch { throw Failure("\(error)") }
        }
        let secret = place.directory + "/secret"
        try NewFile.write(String(repeating: "torture ", count: 8), to: secret, mode: 0o600)
        var servers: [TorturedServer] = []
        var disks: [SmallDisk] = []
        for number in 0..<settings.servers {
            let directory = "\(place.directory)/data/server\(number + 1)"
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            if settings.abilities.hasDisks {
                disks.append(try SmallDisk(directory, mebibytes: settings.diskMebibytes))
            }
            try clock?.set(number, to: 0)
            let words =
                (namespaces?.prefix(of: number) ?? [])
                + Self.words(of: number, settings, in: place, secret: secret)
                + Self.words(of: number, certificates)
            servers.append(
                TorturedServer(
                    id: "server\(number + 1)", directory: directory,
                    log: "\(place.directory)/server\(number + 1).log", words: words,
                    environment: Self.environment(clock?.environment(of: number) ?? [:]),
                    processFile: place.processFile))
        }
        self.servers = servers
        self.disks = disks
    }

    private static func words(
        of server: Int, _ settings: TortureSettings, in place: RunPlace, secret: String
    ) -> [String] {
        [
            Executable.own.path, "server", "--server-id", "server\(server + 1)", "--members",
            settings.map.members(as: server), "--data-dir", "\(place.directory)/data", "--timing",
            "lan", "--secret-file", secret, "--until-input-ends", "--record", place.records,
            "--record-limit", "\(TortureSettings.recordMebibytes)",
        ]
    }

    private static func certificates(
        _ settings: TortureSettings, in place: RunPlace
    ) throws -> TrialCertificates {
        let certificates = TrialCertificates(directory: place.directory + "/tls")
        // The clocks of some servers will be back by a day.
        try certificates.write(
            since: Date() - 2 * 86_400,
            for: settings.hosts.enumerated().map { number, host in
                ServerConfig(
                    serverID: "server\(number + 1)", host: host,
                    basePort: settings.map.basePort(of: number), ringPosition: number)
            }, alsoAt: [settings.doorHost])
        return certificates
    }

    private static func words(of server: Int, _ certificates: TrialCertificates?) -> [String] {
        guard let files = certificates?.files else { return [] }
        let paths = [
            ("certificate", files.certificate), ("key", files.key), ("authority", files.authority),
        ]
        return paths.flatMap { name, path in
            let own = (path ?? "").replacing("{id}", with: "server\(server + 1)")
            return ["--set", "tls.\(name)=\(own)"]
        }
    }

    /// Nothing that is set for the torture's own process reaches the servers.
    private static func environment(_ more: [String: String]) -> [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SYNCNET_") }
            .merging(more) { $1 }
    }

    /// Where clients find the servers.
    var addresses: [ChatAddress] {
        settings.hosts.enumerated().map {
            ChatAddress(host: $1, port: settings.map.basePort(of: $0))
        }
    }

    private var members: [Member] {
        zip(servers, addresses).map {
            Member(id: Text($0.id), host: Text($1.host), port: UInt16(clamping: $1.port))
        }
    }

    /// How the cluster is.
    func health() async -> ClusterHealth { await StatusProbe.cluster(members, tls: tls) }

    /// Whether there is one leader in time whom all others follow.
    func becomesHealthy(within limit: Duration) async throws -> Bool {
        try await Patience.until(limit) {
            let health = await health()
            let leaders = Set(health.servers.map { $0.status?.leader?.string ?? "" })
            return health.verdict == .healthy && leaders.count == 1
        }
    }

    /// Whether all servers have applied the same in time.
    func comesToRest(within limit: Duration) async throws -> Bool {
        try await Patience.until(limit) {
            let statuses = await health().servers.compactMap(\.status)
            let indexes = Set(statuses.flatMap { [$0.applied.number, $0.last.number] })
            return statuses.count == servers.count && indexes.count == 1
        }
    }
}

extension TorturedCluster {
    /// Begins a torment, which has a number of its own in its round.
    func begin(_ torment: Torment, _ number: Int) async throws {
        for action in torment.actions {
            switch action {
            case .kill(let server): try await servers[server].kill9()
            case .restart(let server): servers[server].askToEnd()
            case .wipe(let server):
                try await servers[server].kill9()
                try servers[server].wipe()
            case .remove(let server):
                servers[server].mayRetire()
                let isRemoved = try await change(server, isMember: false, within: .seconds(1))
                removals += isRemoved ? 1 : 0
            case .rollBack: try await replaceData { try $0.remember() }
            case .freeze(let server): servers[server].freeze()
            case .fill(let server): disks[server].fill()
            case .step(let server, let seconds): try clock?.set(server, to: seconds)
            case .weather(let weather, let links):
                skies[number, default: []].append((weather, links))
                changeWeather()
            case .reset(let links): relay.reset(links)
            case .unplug, .filter, .orphan: try cut(action, isOn: true)
            }
        }
    }

    /// Ends a torment.
    func end(_ torment: Torment, _ number: Int) async throws {
        for action in torment.actions {
            switch action {
            case .kill(let server), .wipe(let server): try servers[server].start()
            case .remove(let server):
                try await servers[server].kill9()
                try servers[server].wipe()
                removed.insert(server)
            case .rollBack: try await replaceData { try $0.recall() }
            case .restart(let server):
                if try await !servers[server].hasEnded(within: .seconds(5)) {
                    try await servers[server].kill9()
                }
                try servers[server].start()
            case .freeze(let server): servers[server].thaw()
            case .fill(let server): disks[server].makeRoom()
            case .step(let server, _): try clock?.set(server, to: 0)
            case .weather:
                skies[number] = nil
                changeWeather()
            case .reset: break
            case .unplug, .filter, .orphan: try cut(action, isOn: false)
            }
        }
    }

    /// Makes all members again that were removed, or were to be. Gives whether that worked, each
    /// in time.
    func readmit(within limit: Duration) async throws -> Bool {
        guard !removed.isEmpty else { return true }
        for server in removed.sorted() {
            guard try await change(server, isMember: false, within: limit) else { return false }
        }
        // Copies of what was asked before may still wait in servers, and must not come later.
        try await Task.sleep(for: Self.lateness)
        for server in removed.sorted() {
            try servers[server].start()
            guard try await change(server, isMember: true, within: limit) else { return false }
            removed.remove(server)
        }
        return true
    }

    /// Longer than a server keeps a request.
    private static let lateness =
        Duration.nanoseconds(Int64(Timing.lan.request.nanoseconds)) + .seconds(1)

    /// Asks the other servers, one after the other, until one says that it is done.
    private func change(
        _ server: Int, isMember: Bool, within limit: Duration
    ) async throws -> Bool {
        let change = ClientRequestBody.membership(add: isMember, id: Text(servers[server].id))
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            for other in servers.indices where other != server && ContinuousClock.now < end {
                let path = "\(servers[other].directory)/\(OperatorToken.fileName)"
                guard let token = try? String(contentsOfFile: path, encoding: .utf8) else {
                    continue
                }
                let answer = try? await OperatorQuery.ask(
                    addresses[other], token: token.trimmingCharacters(in: .whitespacesAndNewlines),
                    change, within: .seconds(1), tls: tls)
                if answer != nil { return true }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    /// While no server runs.
    private func replaceData(_ change: (TorturedServer) throws -> Void) async throws {
        for server in servers { try await server.kill9() }
        for server in servers { try change(server) }
        for server in servers { try server.start() }
    }

    private func cut(_ action: Torment.Action, isOn: Bool) throws {
        guard let namespaces else { return }
        switch action {
        case .unplug(let server): try namespaces.plug(server, isIn: !isOn)
        case .filter(let server, let incoming):
            try namespaces.drop(
                incoming ? .incoming : .outgoing, at: server,
                port: settings.map.basePort(of: server), isOn: isOn)
        case .orphan(let server):
            try namespaces.drop(
                .clients, at: server, port: settings.map.basePort(of: server), isOn: isOn)
        default: break
        }
    }

    private func changeWeather() {
        var weather: [Link: Weather] = [:]
        for sky in skies.values.joined() {
            for link in sky.links { weather[link] = (weather[link] ?? .fair) + sky.weather }
        }
        relay.change(to: weather)
    }
}
