import ArgumentParser
import Foundation
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage

/// Lets a server begin with an empty disk, which the others fill.
struct WipeCommand: AsyncParsableCommand {
    /// How long the others may take to fill it.
    static let feedTime = Duration.seconds(300)
    /// How long the others may take to elect.
    static let electionTime = Duration.seconds(15)

    static let configuration = CommandConfiguration(
        commandName: "wipe-and-rejoin",
        abstract: "Set a stopped server's data aside, and start it empty: the others fill it.",
        discussion: """
            For a server whose data is damaged, or of a disk that is not trusted any more. \
            Nothing is deleted: the directory gets another name. Only done where the other \
            servers have a leader without it, since nobody else could fill it.
            """)

    @OptionGroup var server: ServerChoice

    @Flag(help: "Don't start the server: something else does.")
    var noStart = false

    func run() async throws {
        Privacy.keep()
        let (id, plan, directory) = try server.settings()
        let process = ServerProcess(
            id: id, plan: plan, arguments: server.cluster.arguments, isTied: false)
        guard process.runningID == nil else {
            throw Failure("\(id) runs (process \(process.runningID ?? 0)): stop it first")
        }
        try await requireOthers(id, plan)
        let aside = try setAside(directory)
        Terminal.print("\(directory) is now \(aside); delete it when you no longer want it")
        guard !noStart else { return Terminal.print("Start \(id): the others fill it.") }
        try process.start()
        Terminal.print("\(id) starts empty, its log is \(directory)/server.log")
        try await awaitFilled(id, plan, process)
    }

    private func requireOthers(_ id: String, _ plan: ClusterPlan) async throws {
        let tls = try plan.trust()
        let others = plan.members.filter { $0.id.string != id }
        var health = await StatusProbe.cluster(others, tls: tls)
        // The one that was stopped just now may have led: the others elect, if they can.
        _ = try await Patience.until(Self.electionTime) {
            health = await StatusProbe.cluster(others, tls: tls)
            return health.leaders.count == 1 || health.online * 2 <= plan.members.count
        }
        guard health.leaders.count == 1 else {
            throw Failure(
                "the other servers have no leader (\(health.online) of \(health.servers.count) "
                    + "are online): nobody could fill \(id), and its data may be the only copy; "
                    + "nothing was done")
        }
    }

    /// Gives the directory another name. The lock shows that no server uses it.
    private func setAside(_ directory: String) throws -> String {
        guard FileManager.default.fileExists(atPath: directory) else {
            throw Failure("there is no directory \(directory): just start the server")
        }
        let aside = "\(directory).aside-\(Self.timestamp())"
        do {
            try SetAside.move(directory, to: aside)
        } catch {
            throw Failure(CopyWords.sentence(error))
        }
        return aside
    }

    private func awaitFilled(
        _ id: String, _ plan: ClusterPlan, _ process: ServerProcess
    ) async throws {
        let tls = try plan.trust()
        var (told, isMember) = ("", true)
        let isFilled = try await Patience.until(Self.feedTime) {
            let health = await StatusProbe.cluster(plan.members, tls: tls)
            guard let own = health.servers.first(where: { $0.id == id })?.status else {
                return false
            }
            let line = "\(own.role): \(own.applied.number) of \(health.commit.number) entries"
            if line != told { Terminal.print(line) }
            told = line
            guard let known = health.servers.first(where: { $0.id == id })?.isMember else {
                return false
            }
            isMember = known
            return own.role == .following || own.role == .leading
        }
        guard isFilled else {
            throw Failure("\(id) is not filled yet: see \(process.directory)/server.log")
        }
        Terminal.print(
            isMember
                ? "\(id) is a full member again"
                : "\(id) is filled, but no member: \"syncnet member add \(id)\" makes it one")
    }

    private static func timestamp() -> String {
        var now = time(nil)
        var fields = tm()
        localtime_r(&now, &fields)
        let numbers = [
            fields.tm_year + 1_900, fields.tm_mon + 1, fields.tm_mday, fields.tm_hour,
            fields.tm_min, fields.tm_sec,
        ]
        return numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
    }
}
