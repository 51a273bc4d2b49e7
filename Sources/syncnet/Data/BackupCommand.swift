import ArgumentParser
import Foundation
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage

/// Copies a server's data into one file.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a server's data into one verified file, while the server goes on.",
        discussion: """
            Any server's backup holds all that had been applied there; that of the leader is the \
            newest. Run it on the server's own machine. A file that is there is never \
            overwritten.
            """)

    @Argument(help: "The file to write.")
    var file: String

    @OptionGroup var server: ServerChoice

    func run() throws {
        Privacy.keep()
        let directory = try server.directory()
        do {
            let copy = try Backup.write(from: directory, to: file)
            Terminal.print("\(file): \(CopyWords.of(copy)), verified")
        } catch {
            throw Failure(CopyWords.sentence(error))
        }
    }
}

/// Which server's directory is meant.
struct ServerChoice: ParsableArguments {
    @Option(help: "Which of the configured servers.")
    var serverId: String?

    @OptionGroup var cluster: ClusterOptions

    func directory() throws -> String { try settings().dataPath }

    /// The server's id and its directory, as flag, environment or file have it.
    func settings() throws -> (id: String, plan: ClusterPlan, dataPath: String) {
        let plan = try cluster.plan()
        try plan.check()
        let known = plan.ring.map(\.serverID)
        guard let id = serverId ?? plan.serverID else {
            throw Failure(
                "which server? Say --server-id with one of \(known.joined(separator: ", "))")
        }
        try plan.demandServer(id)
        return (id, plan, plan.settings(of: id).dataPath)
    }
}

/// What is said of copies.
enum CopyWords {
    static func of(_ copy: StoreCopy) -> String {
        "\(copy.last.number) entries (\(copy.applied.number) applied), "
            + "\(copy.rooms) room\(copy.rooms == 1 ? "" : "s"), \(copy.bytes) bytes"
    }

    /// On one line, without the full stop that the command's errors don't have.
    static func sentence(_ error: StorageError) -> String {
        let text = error.description
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
