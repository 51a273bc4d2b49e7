import SyncNetTorture

/// What a torture run was asked for.
struct TortureSettings: Equatable, Sendable {
    var seed: UInt64
    var time: Duration
    var servers: Int
    var clients: Int
    var basePort: Int
    var abilities: Abilities
    var kinds: [TormentKind]
    /// Whether all streams speak TLS.
    var isEncrypted = false

    /// More rounds than there is time for.
    var plan: TorturePlan {
        let rounds = Int(time / .seconds(1)) + 1
        return TorturePlan(seed: seed, servers: servers, kinds: kinds, rounds: rounds)
    }

    var hosts: [String] {
        (0..<servers).map { server in
            abilities.mode == .namespaces ? Namespaces.host(of: server) : "127.0.0.1"
        }
    }

    var doorHost: String {
        abilities.mode == .namespaces ? Namespaces.ownHost : "127.0.0.1"
    }

    var map: RelayMap { RelayMap(hosts: hosts, doorHost: doorHost, basePort: basePort) }

    /// So much the records of one server take at most; what comes later is not recorded.
    static let recordMebibytes = 1_024

    /// Room for what clients say in that time, some hundred messages a second.
    var diskMebibytes: Int { min(1_536, 96 + 24 * Int(time / .seconds(60))) }
}
