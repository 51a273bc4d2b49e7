import StateMachine
import SyncNetProtocol

/// Finds what is wrong with a configuration; one line for each problem.
enum SettingsCheck {
    /// So many servers can be configured.
    static let serversMax = 64

    static func problems(of settings: ServerSettings) -> [SettingsProblem] {
        about("servers", size(of: settings) + identity(of: settings))
            + servers(of: settings) + ports(of: settings.servers)
            + about("http_port", settings.httpProblem.map { [$0] } ?? [])
            + about("network", network(of: settings.network))
            + about("timing", timing(settings.timing)) + LimitsCheck.problems(of: settings.limits)
    }

    private static func about(_ subject: String, _ problems: [String]) -> [SettingsProblem] {
        problems.map { SettingsProblem(subject: subject, text: $0) }
    }

    private static func size(of settings: ServerSettings) -> [String] {
        if settings.servers.isEmpty {
            return ["the configuration names no server: name between 1 and \(serversMax)"]
        }
        guard settings.servers.count > serversMax else { return [] }
        return [
            "the configuration names \(settings.servers.count) servers: "
                + "name between 1 and \(serversMax)"
        ]
    }

    private static func identity(of settings: ServerSettings) -> [String] {
        var problems: [String] = []
        if !settings.servers.isEmpty,
            !settings.servers.contains(where: { $0.serverID == settings.serverID })
        {
            let known = settings.servers.map(\.serverID).joined(separator: ", ")
            problems.append(
                "the configuration has no server \"\(settings.serverID)\": choose one of \(known)")
        }
        if settings.dataDirectory?.isEmpty == true {
            problems.append("the data directory has no name: name one, or leave the setting out")
        }
        if settings.record?.directory.isEmpty == true {
            problems.append("the records' directory has no name: name one, or leave it out")
        }
        let range = RecordSettings.mebibytesRange
        if let record = settings.record, !range.contains(record.mebibytesMax) {
            problems.append(
                "the record's limit of \(record.mebibytesMax) MiB is out of range: "
                    + "choose one from \(range.lowerBound) to \(range.upperBound)")
        }
        return problems
    }

    private static func servers(of settings: ServerSettings) -> [SettingsProblem] {
        let needsSecret = settings.demandsSecret && settings.secret == nil
        let own = settings.servers.flatMap { server in
            about(
                server.subject,
                name(of: server, limits: settings.limits)
                    + place(of: server, needsSecret: needsSecret))
        }
        let ids = repeated(settings.servers.map { Text($0.serverID) }).map {
            "the server id \"\($0.string)\" is used more than once: give every server its own id"
        }
        let positions = repeated(settings.servers.map(\.ringPosition)).map {
            "the ring position \($0) is used more than once: give every server its own position"
        }
        return own + about("servers", ids + positions)
    }

    private static func name(of server: ServerConfig, limits: Limits) -> [String] {
        let id = server.serverID
        if id.isEmpty { return ["a server has no id: give every server one"] }
        let most = max(limits.nameBytes, LimitsCheck.nameBytesMin)
        if id.utf8.count > most {
            return [
                "the server id \"\(id.prefix(20))…\" is longer than \(most) bytes: "
                    + "choose a shorter one"
            ]
        }
        let isPath = id == "." || id == ".." || id.contains("/")
        guard isPath || id.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { return [] }
        return [
            "the server id \"\(printable(id))\" can't name a directory: "
                + "leave out slashes and control characters"
        ]
    }

    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
    }

    private static func place(of server: ServerConfig, needsSecret: Bool) -> [String] {
        var problems: [String] = []
        if server.ringPosition < 0 {
            problems.append(
                "the ring position \(server.ringPosition) of \(server.serverID) is below zero: "
                    + "count from 0")
        }
        let last = 65_535 - PortOffsets.max
        if !(1...last).contains(server.basePort) {
            problems.append(
                "the base port \(server.basePort) of \(server.serverID) is out of range: choose "
                    + "one from 1 to \(last), so that base port + \(PortOffsets.max) is a port")
        }
        if let problem = host(of: server, needsSecret) { problems.append(problem) }
        return problems
    }

    private static func host(of server: ServerConfig, _ needsSecret: Bool) -> String? {
        guard let address = IPv4Address(server.host) else {
            return "the host \"\(printable(server.host))\" of \(server.serverID) is no IPv4 "
                + "address: write localhost or an address such as 127.0.0.1"
        }
        guard address.isOfOneMachine else {
            return "the host \(server.host) of \(server.serverID) is no address of one machine: "
                + "write the one by which the other servers reach it"
        }
        guard needsSecret, !address.isLoopback else { return nil }
        return "the host \(server.host) of \(server.serverID) is not on the loopback interface, "
            + "and there is no cluster secret, so everybody in that network could read and change "
            + "the chat: name a --secret-file (\"syncnet init\" makes one), or choose 127.x.x.x"
    }

    private static func ports(of servers: [ServerConfig]) -> [SettingsProblem] {
        var problems: [SettingsProblem] = []
        for (number, one) in servers.enumerated() {
            for other in servers.dropFirst(number + 1)
            where IPv4Address(one.host) == IPv4Address(other.host) {
                guard let problem = collision(of: one, and: other) else { continue }
                problems += about(other.subject, [problem])
            }
        }
        return problems
    }

    private static func collision(of one: ServerConfig, and other: ServerConfig) -> String? {
        for purpose in PortPurpose.allCases {
            for second in PortPurpose.allCases where one.port(purpose) == other.port(second) {
                return "\(one.serverID) (\(purpose.name)) and \(other.serverID) (\(second.name)) "
                    + "would share port \(one.port(purpose)) on \(one.host): choose base ports "
                    + "that don't lie 0, 10, 20, 30 or 40 apart"
            }
        }
        return nil
    }

    private static func network(of network: NetworkSettings) -> [String] {
        var problems: [String] = []
        if IPv4Address(network.multicastGroup)?.isMulticast != true {
            problems.append(
                "the multicast group \"\(network.multicastGroup)\" is none: choose an address "
                    + "from 224.0.0.0 to 239.255.255.255")
        }
        if IPv4Address(network.broadcastAddress) == nil {
            problems.append(
                "the broadcast address \"\(network.broadcastAddress)\" is no IPv4 address: "
                    + "write one such as 127.255.255.255")
        }
        let sizes: [(String, Int, ClosedRange<Int>)] = [
            ("multicast TTL", network.multicastTTL, 0...255),
            ("buffer size", network.bufferSize, 256...(1 << 20)),
            ("multicast buffer size", network.multicastBufferSize, 256...(1 << 20)),
            ("bytes of messages multicast together", network.multicastPackBytes, 0...65_507),
            ("largest datagram", network.datagramBytesMax, 512...65_507),
            ("backlog of a client", network.clientBacklogBytes, 1_024...(1 << 30)),
            ("backlog of a server", network.peerBacklogBytes, 1_024...(1 << 30)),
            ("largest backlog of a stream", network.streamBacklogBytesMax, 65_536...(1 << 32)),
            ("number of guests", network.guests, 1...65_536),
            ("connections per address", network.connectionsPerAddress, 1...(1 << 20)),
            ("passwords per address", network.passwordsPerAddress, 1...65_536),
            ("requests per second", network.requestsPerSecond, 1...1_000_000_000),
            ("request burst", network.requestBurst, 1...1_000_000_000),
            ("first line's seconds", network.firstLineSeconds, 0...31_536_000),
            ("line's seconds", network.lineSeconds, 0...31_536_000),
            ("idle seconds", network.idleSeconds, 0...31_536_000),
            ("number of unproven streams", network.unprovenStreams, 1...65_536),
        ]
        for (name, value, range) in sizes where !range.contains(value) {
            problems.append(
                "the \(name) \(value) is out of range: "
                    + "choose one from \(range.lowerBound) to \(range.upperBound)")
        }
        return problems
    }

    private static func timing(_ timing: Timing) -> [String] {
        let hour = Interval.seconds(3_600)
        let times: [(String, Interval)] = [
            ("discovery time", timing.discovery), ("heartbeat interval", timing.heartbeat),
            ("death time", timing.death), ("election time", timing.election),
            ("connect time", timing.connect), ("token retry", timing.tokenRetry),
            ("hop time", timing.hop), ("probe time", timing.probe),
            ("reconnect pause", timing.reconnect), ("request time", timing.request),
            ("confirmation time", timing.confirmation),
        ]
        var problems = times.filter { !(Interval.milliseconds(1)...hour).contains($0.1) }.map {
            "the \($0.0) is out of range: choose one from 1 ms to 1 hour"
        }
        if timing.death <= timing.heartbeat {
            problems.append(
                "the death time is not above the heartbeat interval, so that every server would "
                    + "be taken for dead: make it at least twice as long")
        }
        return problems
    }

    private static func repeated<Value: Comparable>(_ values: [Value]) -> [Value] {
        let sorted = values.sorted()
        var found: [Value] = []
        for (one, next) in zip(sorted, sorted.dropFirst()) where one == next {
            if found.last != one { found.append(one) }
        }
        return found
    }
}

extension ServerConfig {
    /// What a problem with it is about.
    package var subject: String { "servers.\(serverID)" }
}
