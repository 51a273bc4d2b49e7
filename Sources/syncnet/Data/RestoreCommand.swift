import ArgumentParser
import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage

/// Makes data directories out of a backup.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make the data directory of a lost server, or of a new cluster, from a backup.",
        discussion: """
            With --server-id: the directory of one server whose data was lost, while the others \
            live. It comes back as a new disk that holds what the backup has; the others feed it \
            the rest and admit it, as one that was empty. It never counts before.

            With --new-cluster: the directories of all configured servers at once, as a new \
            cluster that begins with the backup's history; what the former cluster acknowledged \
            after the backup is not in it. Stop the former cluster for good first, and start \
            clients anew. For servers on several machines, take each directory to its own.
            """)

    @Argument(help: "A file that \"syncnet backup\" has written.")
    var file: String

    @OptionGroup var server: ServerChoice

    @Flag(help: "Make all servers' directories, as a new cluster.")
    var newCluster = false

    func validate() throws {
        guard !(newCluster && server.serverId != nil) else {
            throw ValidationError(
                "--new-cluster makes the directories of all servers: leave --server-id out.")
        }
    }

    func run() throws {
        Privacy.keep()
        do {
            try newCluster ? restoreAll() : restoreOne()
        } catch let error as StorageError {
            throw Failure(CopyWords.sentence(error))
        }
    }

    private func restoreOne() throws {
        let (id, plan, directory) = try server.settings()
        try check(members: plan.ring.map(\.serverID))
        guard plan.ring.count > 1 else {
            throw Failure(
                "\(id) is a cluster of its own, so nobody could feed it: "
                    + "restore it with --new-cluster")
        }
        var dice = SystemRandomNumberGenerator()
        let copy = try Restore.make(
            directory, from: file, as: .recovering(DiskID(dice.next())))
        Terminal.print("\(directory): \(CopyWords.of(copy))")
        Terminal.print("Start \(id): the others feed it what is newer, and admit its new disk.")
    }

    private func restoreAll() throws {
        let plan = try server.cluster.plan()
        try plan.check()
        let ids = plan.ring.map(\.serverID)
        try check(members: ids)
        let directories = ids.map { plan.settings(of: $0).dataPath }
        // Nothing is made where not all can be.
        for directory in directories {
            try refuseFile(directory)
            guard try !Restore.hasData(directory) else {
                throw Failure(
                    "\(directory) holds data already: stop the servers, set their directories "
                        + "aside (mv), then restore; nothing was done")
            }
        }
        try refuseRunning(plan)
        var dice = SystemRandomNumberGenerator()
        let disks = ids.indices.map {
            MemberDisk(node: NodeID(UInt32($0)), disk: DiskID(dice.next()))
        }
        let members = ids.map { Text($0) }
        let formation = Formation(
            cluster: ClusterID(members: members, disks: disks), members: members, disks: disks)
        for (place, disk) in disks.enumerated() {
            do {
                let copy = try Restore.make(
                    directories[place], from: file, as: .founding(disk.disk, formation))
                Terminal.print("\(directories[place]): \(CopyWords.of(copy))")
            } catch {
                let made = directories[..<place].joined(separator: ", ")
                throw Failure(
                    CopyWords.sentence(error)
                        + (made.isEmpty ? "" : "; remove what was made by now, \(made)"))
            }
        }
        Terminal.print(
            "The new cluster is \(formation.cluster). Start its servers; clients are told that it "
                + "is another one.")
    }

    private func refuseFile(_ directory: String) throws {
        var isDirectory: ObjCBool = false
        let isThere = FileManager.default.fileExists(
            atPath: directory, isDirectory: &isDirectory)
        guard !isThere || isDirectory.boolValue else {
            throw Failure(
                "\(directory) is no directory: move it out of the way; nothing was done")
        }
    }

    /// Servers that were added later stand behind those that formed the cluster.
    private func check(members: [String]) throws {
        let known = try StoreCopy(verifying: file).formation?.members.map(\.string)
        guard known == nil || members.starts(with: known ?? []) else {
            throw Failure(
                "\(file) is of the servers \(known?.joined(separator: ", ") ?? "") in this order, "
                    + "but \(members.joined(separator: ", ")) are configured")
        }
    }

    private func refuseRunning(_ plan: ClusterPlan) throws {
        for server in plan.ring {
            let process = ServerProcess(
                id: server.serverID, plan: plan, arguments: [], isTied: false)
            guard process.runningID == nil else {
                throw Failure("\(server.serverID) runs: stop all servers first; nothing was done")
            }
        }
    }
}
