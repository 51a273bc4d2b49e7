import Logging
import SyncNetProtocol
import SyncNetRuntime

/// Which servers there are, and how they run: what file, environment and flags say together.
struct ClusterPlan: Equatable, Sendable {
    var servers = ServerConfig.defaultCluster
    /// Whether these are all that the file names: those with a mistake are left out.
    var knowsServers = true
    var timing = Timing.guide
    var limits = Limits()
    var network = NetworkSettings()
    /// Who has to log in.
    var accounts = AccountPolicy.off
    /// Each server keeps its data in a directory of its id in here.
    var dataDirectory = "data"
    /// Where the servers' secret is; nil where they have none.
    var secretFile: String?
    /// Where certificates are; empty where nothing is encrypted.
    var tls = TLSFiles()
    var logLevel = Logger.Level.info
    /// Where the first server of the ring answers monitors over HTTP, each next one a port
    /// higher; nil for nowhere.
    var httpPort: Int?
    /// Where servers record their events; nil for nowhere.
    var recordDirectory: String?
    /// So many MiB the records of one server take at most.
    var recordLimit = RecordSettings(directory: "").mebibytesMax
    /// What is recorded of what a machine asks for.
    var recordEffects = RecordEffects.digest
    /// How a server writes its log.
    var logFormat = LogFormat.text
    /// Which of the servers this one is, where that is said.
    var serverID: String?
    /// Where in the file the parts of it are.
    var places = FilePlaces()

    /// The servers by ring position: their places in this list are their ranks.
    var ring: [ServerConfig] { servers.sorted { $0.ringPosition < $1.ringPosition } }

    /// Where clients find the servers, by rank.
    var members: [Member] {
        ring.map {
            Member(id: Text($0.serverID), host: Text($0.host), port: UInt16(clamping: $0.tcpPort))
        }
    }

    /// What one of the servers is told.
    func settings(of serverID: String) -> ServerSettings {
        var settings = ServerSettings(serverID: serverID, servers: servers)
        settings.dataDirectory = "\(dataDirectory)/\(serverID)"
        settings.timing = timing
        settings.limits = limits
        settings.network = network
        settings.accounts = accounts
        settings.logLevel = logLevel
        let rank = ring.firstIndex { $0.serverID == serverID } ?? 0
        settings.httpPort = httpPort.map { $0 + rank }
        settings.record = record
        return settings
    }

    /// Throws, with the ids that there are, where no server is called so.
    func demandServer(_ id: String) throws(Failure) {
        let known = ring.map(\.serverID)
        guard !known.contains(id) else { return }
        throw Failure("there is no server \"\(id)\", only \(known.joined(separator: ", "))")
    }

    /// Where and how much every server records; nil where none does.
    private var record: RecordSettings? {
        guard let recordDirectory else { return nil }
        var record = RecordSettings(directory: recordDirectory)
        record.mebibytesMax = recordLimit
        record.keepsEffects = recordEffects == .full
        return record
    }

    /// What one of the servers is told, its secret read.
    func secretSettings(of serverID: String) throws -> ServerSettings {
        var settings = settings(of: serverID)
        guard let secretFile else { return settings }
        do {
            settings.secret = try ClusterSecret.read(secretFile)
        } catch {
            throw Failure(error.description)
        }
        return settings
    }

    /// Throws where no server could start with this.
    func check() throws {
        _ = try Self.checked(try secretSettings(of: ring.first?.serverID ?? ""))
    }

    /// Throws where this is no cluster. Who only looks at one need not know its secret.
    func checkForLooking() throws {
        var settings = settings(of: ring.first?.serverID ?? "")
        settings.demandsSecret = false
        _ = try Self.checked(settings)
    }

    /// The settings, checked; what is wrong with them is told on one line.
    static func checked(_ settings: ServerSettings) throws -> CheckedSettings {
        do {
            return try settings.checked()
        } catch {
            throw Failure(error.problems.joined(separator: "; also: "))
        }
    }

    /// Moves all servers so that the first of the ring has this base port.
    mutating func move(to basePort: Int) {
        guard let first = ring.first else { return }
        for slot in servers.indices { servers[slot].basePort += basePort - first.basePort }
    }

    /// The servers of `server1=localhost:8000,server2=localhost:8001`, in ring order.
    static func parse(members text: String) throws -> [ServerConfig] {
        try text.split(separator: ",").enumerated().map { position, part in
            let pair = part.split(separator: "=", maxSplits: 1)
            let place = pair.last?.split(separator: ":") ?? []
            guard pair.count == 2, place.count == 2, let port = Int(place[1]) else {
                throw Failure("members: \"\(part)\" is no server like server1=localhost:8000")
            }
            return ServerConfig(
                serverID: String(pair[0]), host: String(place[0]), basePort: port,
                ringPosition: position)
        }
    }

    /// The policy of that name.
    static func parse(accounts word: String) throws -> AccountPolicy {
        guard let policy = AccountPolicy.allCases.first(where: { "\($0.word)" == word }) else {
            throw Failure("accounts are \"\(word)\", but have to be off, optional or required")
        }
        return policy
    }

    /// The port of that number, with room above it for the other servers.
    static func parse(httpPort text: String) throws -> Int {
        guard let port = Int(text), (1...65_535 - Limits.membersMax).contains(port) else {
            throw Failure(
                "the HTTP port is \"\(text)\", but has to be from 1 to "
                    + "\(65_535 - Limits.membersMax)")
        }
        return port
    }

    /// The level of that name.
    static func parse(logLevel name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: name.lowercased()) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure("there is no log level \"\(name)\", only \(names)")
        }
        return level
    }
}
