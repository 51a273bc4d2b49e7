import Foundation
import SyncNetProtocol
import SyncNetRuntime
import Yams

/// Reads a cluster's YAML file. Every mistake is told with its line.
struct ConfigurationFile {
    private let name: String
    private let found = Found()

    /// The mistakes by now: each part is read, whatever is wrong with the others.
    private final class Found {
        var problems: [String] = []

        func collect(_ read: () throws -> Void) throws {
            do { try read() } catch let failure as Failure { problems.append(failure.description) }
        }
    }

    /// Changes the plan as the file at `path` says.
    static func read(_ path: String, into plan: inout ClusterPlan) throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure("can't read the configuration \(path): is it there, and readable?")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Failure("\(path): is no UTF-8 text")
        }
        try ConfigurationFile(name: path).read(text, into: &plan)
    }

    /// Changes the plan as the text says.
    static func read(text: String, name: String, into plan: inout ClusterPlan) throws {
        try ConfigurationFile(name: name).read(text, into: &plan)
    }

    private func read(_ text: String, into plan: inout ClusterPlan) throws {
        guard let root = try compose(text) else {
            throw Failure(
                "\(name): says nothing; \"syncnet init\" writes a configuration to begin with")
        }
        for (key, value) in try entries(of: root, in: "a configuration") {
            try found.collect { try set(key, value, of: &plan) }
        }
        if !found.problems.isEmpty { throw Mistakes(problems: found.problems) }
    }

    private func set(_ key: Node, _ value: Node, of plan: inout ClusterPlan) throws {
        plan.places.note(key.string ?? "", at: place(of: key))
        switch key.string {
        case "servers":
            plan.knowsServers = false
            try setServers(value, of: &plan)
        case "timing": plan.timing = try timing(value)
        case "limits": try setLimits(value, of: &plan)
        case "network": try setNetwork(value, of: &plan.network)
        case "tls": try setTLS(value, of: &plan)
        case "data_dir": plan.dataDirectory = try path(value, "data_dir")
        case "server_id": plan.serverID = try string(value, "server_id")
        case "secret_file": plan.secretFile = try path(value, "secret_file")
        case "accounts":
            plan.accounts = try located(value) {
                try ClusterPlan.parse(accounts: try string(value, "accounts"))
            }
        case "log_level":
            plan.logLevel = try located(value) {
                try ClusterPlan.parse(logLevel: try string(value, "log_level"))
            }
        case "http_port":
            plan.httpPort = try located(value) {
                try ClusterPlan.parse(httpPort: try string(value, "http_port"))
            }
        case "log_format":
            plan.logFormat = try located(value) {
                try LogFormat.parse(try string(value, "log_format"))
            }
        case "record": plan.recordDirectory = try path(value, "record")
        case "record_limit":
            plan.recordLimit = try located(value) {
                try RecordEffects.parse(limit: try string(value, "record_limit"))
            }
        case "record_effects":
            plan.recordEffects = try located(value) {
                try RecordEffects.parse(try string(value, "record_effects"))
            }
        default:
            throw unknown(
                key,
                known: "servers, server_id, timing, limits, network, tls, data_dir, secret_file, "
                    + "accounts, http_port, log_level, log_format, record, record_limit, "
                    + "record_effects")
        }
    }

    private func compose(_ text: String) throws -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw Failure(told(error))
        }
    }

    private func told(_ error: YamlError) -> String {
        switch error {
        case .duplicatedKeysInMapping(let keys, let context):
            let words = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            return "\(name):\(context.mark.line): \(words) stands there more than once: keep one"
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return "\(name):\(mark.line): is no YAML: \(problem)"
        default: return "\(name): is no YAML: \(Self.oneLine("\(error)"))"
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

extension ConfigurationFile {
    private func setServers(_ node: Node, of plan: inout ClusterPlan) throws {
        guard case .sequence(let list) = node else {
            throw wrong(node, "servers", "a list of servers")
        }
        let before = found.problems.count
        var servers: [ServerConfig] = []
        for (position, node) in list.enumerated() {
            try found.collect {
                guard let server = try server(node, position: position) else { return }
                plan.places.note(server.subject, at: place(of: node))
                servers.append(server)
            }
        }
        plan.servers = servers
        plan.knowsServers = found.problems.count == before
    }

    /// A server; nil where something is wrong with it that was found.
    private func server(_ node: Node, position: Int) throws -> ServerConfig? {
        let before = found.problems.count
        var server = ServerConfig(
            serverID: "", host: "localhost", basePort: 0, ringPosition: position)
        let entries = try entries(of: node, in: "a server")
        for (key, value) in entries {
            try found.collect { try set(key, value, of: &server) }
        }
        guard found.problems.count == before else { return nil }
        guard !server.serverID.isEmpty else {
            throw Failure("\(place(of: node)): a server has no id: give every server one")
        }
        guard entries.contains(where: { $0.key.string == "base_port" }) else {
            throw Failure("\(place(of: node)): \(server.serverID) has no base_port")
        }
        return server
    }

    private func set(_ key: Node, _ value: Node, of server: inout ServerConfig) throws {
        switch key.string {
        case "id", "server_id": server.serverID = try string(value, "id")
        case "host": server.host = try string(value, "host")
        case "base_port": server.basePort = try number(value, "base_port")
        case "ring_position": server.ringPosition = try number(value, "ring_position")
        default: throw unknown(key, known: "id, host, base_port, ring_position")
        }
    }

    private func timing(_ node: Node) throws -> Timing {
        if let profile = node.string {
            return try located(node) { try TimingChoice.parse(profile) }
        }
        let settings = try entries(of: node, in: "timing")
        var timing = Timing.guide
        if let profile = settings.first(where: { $0.key.string == "profile" })?.value {
            try found.collect {
                timing = try located(profile) {
                    try TimingChoice.profile(try string(profile, "profile"))
                }
            }
        }
        for (key, value) in settings where key.string != "profile" {
            let text = try string(value, key.string ?? "")
            try found.collect {
                try located(key) { try TimingChoice.set(key.string ?? "", to: text, in: &timing) }
            }
        }
        return timing
    }

    private func setLimits(_ node: Node, of plan: inout ClusterPlan) throws {
        for (key, value) in try entries(of: node, in: "limits") {
            try found.collect {
                let known = SettingNames.limits
                guard let field = known.first(where: { $0.name == key.string })?.field else {
                    throw unknown(key, known: known.map(\.name).joined(separator: ", "))
                }
                plan.limits[keyPath: field] = try number(value, key.string ?? "")
                plan.places.note("limits.\(key.string ?? "")", at: place(of: key))
            }
        }
    }

    private func setTLS(_ node: Node, of plan: inout ClusterPlan) throws {
        let files = try entries(of: node, in: "tls")
        guard !files.isEmpty else { throw wrong(node, "tls", "files of certificates") }
        for (key, value) in files {
            try found.collect {
                let known = SettingNames.tls
                guard let field = known.first(where: { $0.name == key.string })?.field else {
                    throw unknown(key, known: known.map(\.name).joined(separator: ", "))
                }
                plan.tls[keyPath: field] = try path(value, key.string ?? "")
                plan.places.note("tls.\(key.string ?? "")", at: place(of: key))
            }
        }
    }

    private func setNetwork(_ node: Node, of network: inout NetworkSettings) throws {
        for (key, value) in try entries(of: node, in: "network") {
            try found.collect { try setNetwork(key, value, of: &network) }
        }
    }

    private func setNetwork(
        _ key: Node, _ value: Node, of network: inout NetworkSettings
    ) throws {
        let (name, addresses, sizes) = (
            key.string ?? "", SettingNames.addresses, SettingNames.sizes
        )
        if let field = addresses.first(where: { $0.name == name })?.field {
            network[keyPath: field] = try string(value, name)
        } else if let field = sizes.first(where: { $0.name == name })?.field {
            network[keyPath: field] = try number(value, name)
        } else {
            let known = addresses.map(\.name) + sizes.map(\.name)
            throw unknown(key, known: known.joined(separator: ", "))
        }
    }
}

extension ConfigurationFile {
    private func entries(of node: Node, in what: String) throws -> [(key: Node, value: Node)] {
        guard case .mapping(let mapping) = node else {
            throw wrong(node, what, "a list of \"key: value\"")
        }
        return mapping.map { ($0.key, $0.value) }
    }

    private func string(_ node: Node, _ what: String) throws -> String {
        guard let string = node.string, !string.isEmpty, !isNull(node) else {
            throw wrong(node, what, "text")
        }
        return string
    }

    /// What YAML takes for nothing, unless it is quoted.
    private func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else {
            return false
        }
        return ["~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// A path: one that is not absolute goes by the file's own directory, wherever the command
    /// runs.
    private func path(_ node: Node, _ what: String) throws -> String {
        FilePath.resolved(try string(node, what), besides: name)
    }

    private func number(_ node: Node, _ what: String) throws -> Int {
        guard let text = node.string, let number = Int(text), number >= 0 else {
            throw wrong(node, what, "a whole number")
        }
        return number
    }

    private func place(of node: Node) -> String {
        node.mark.map { "\(name):\($0.line)" } ?? name
    }

    private func wrong(_ node: Node, _ what: String, _ expected: String) -> Failure {
        let seen =
            switch node {
            case .scalar(let scalar) where scalar.string.isEmpty: "nothing"
            case .scalar(let scalar): "\"\(scalar.string)\""
            case .mapping(let mapping): mapping.isEmpty ? "nothing" : "keys with values"
            case .sequence: "a list"
            case .alias: "an alias"
            }
        return Failure("\(place(of: node)): \(what): expects \(expected), got \(seen)")
    }

    private func unknown(_ key: Node, known: String) -> Failure {
        Failure("\(place(of: key)): there is no \"\(key.string ?? "?")\" here, only \(known)")
    }

    private func located<Value>(_ node: Node, _ read: () throws -> Value) throws -> Value {
        do { return try read() } catch let failure as Failure {
            throw Failure("\(place(of: node)): \(failure.description)")
        }
    }
}
