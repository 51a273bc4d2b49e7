import SyncNetProtocol
import SyncNetRuntime

/// One thing that can be set. Its name is the same in the file (`limits: {sessions: 9}`), in
/// flags (`--set limits.sessions=9`) and in the environment (`SYNCNET_LIMITS_SESSIONS=9`).
struct Setting {
    /// The parts of its name.
    let path: [String]
    /// Changes the plan as a text says.
    let set: (String, inout ClusterPlan) throws -> Void

    init(_ path: String..., set: @escaping (String, inout ClusterPlan) throws -> Void) {
        self.path = path
        self.set = set
    }

    /// Its name.
    var name: String { path.joined(separator: ".") }

    /// All settings, those first that set much at once.
    static var all: [Setting] { whole + timing + limits + network + tls }

    private static var whole: [Setting] {
        [
            Setting("members") { $1.servers = try ClusterPlan.parse(members: $0) },
            Setting("host") { text, plan in
                for slot in plan.servers.indices { plan.servers[slot].host = text }
            },
            Setting("base_port") { text, plan in
                guard let port = Int(text), (1...65_495).contains(port) else {
                    throw Failure("the base port is \"\(text)\", but has to be from 1 to 65495")
                }
                plan.move(to: port)
            },
            Setting("server_id") { $1.serverID = $0 },
            Setting("data_dir") { $1.dataDirectory = $0 },
            Setting("secret_file") { $1.secretFile = $0 },
            Setting("accounts") { $1.accounts = try ClusterPlan.parse(accounts: $0) },
            Setting("log_level") { $1.logLevel = try ClusterPlan.parse(logLevel: $0) },
            Setting("http_port") { $1.httpPort = try ClusterPlan.parse(httpPort: $0) },
            Setting("log_format") { $1.logFormat = try LogFormat.parse($0) },
            Setting("record") { $1.recordDirectory = $0 },
            Setting("record_limit") { $1.recordLimit = try RecordEffects.parse(limit: $0) },
            Setting("record_effects") { $1.recordEffects = try RecordEffects.parse($0) },
            Setting("timing") { $1.timing = try TimingChoice.parse($0) },
        ]
    }

    private static var timing: [Setting] {
        (TimingChoice.intervals.map(\.name) + TimingChoice.tries.map(\.name)).map { name in
            Setting("timing", name) { try TimingChoice.set(name, to: $0, in: &$1.timing) }
        }
    }

    private static var limits: [Setting] {
        SettingNames.limits.map { name, field in
            Setting("limits", name) { $1.limits[keyPath: field] = try number($0) }
        }
    }

    private static var network: [Setting] {
        SettingNames.addresses.map { name, field in
            Setting("network", name) { $1.network[keyPath: field] = $0 }
        }
            + SettingNames.sizes.map { name, field in
                Setting("network", name) { $1.network[keyPath: field] = try number($0) }
            }
    }

    private static var tls: [Setting] {
        SettingNames.tls.map { name, field in
            Setting("tls", name) { $1.tls[keyPath: field] = $0 }
        }
    }

    private static func number(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else {
            throw Failure("expects a whole number, got \"\(text)\"")
        }
        return number
    }
}
