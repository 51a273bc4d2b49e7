import Foundation
import GRDB
import StateMachine
package import SyncNetProtocol

/// Makes a server's directory out of a backup.
///
/// A backup is an older disk: since then its server has voted and acknowledged what is not in
/// it. So the disk that it had never comes back. What is made is another disk, which either
/// has promised nothing yet and is fed before it counts, or belongs to another cluster.
package enum Restore {
    /// What the restored directory is.
    package enum Purpose: Equatable, Sendable {
        /// One server of the cluster that lives on: it recovers like one with an empty disk,
        /// but need not be fed what it has. Counts once the others have admitted its disk.
        case recovering(DiskID)
        /// One server of a new cluster, which begins with what the backup holds. All of its
        /// servers have to be made of the same backup, with the same formation.
        case founding(DiskID, Formation)

        var disk: DiskID {
            switch self {
            case .recovering(let disk), .founding(let disk, _): disk
            }
        }
    }

    /// Makes the directory; refuses one that holds data, or that a server uses.
    package static func make(
        _ directory: String, from backup: String, as purpose: Purpose
    ) throws(StorageError) -> StoreCopy {
        let copy = try StoreCopy(verifying: backup)
        guard copy.formation != nil else {
            throw .cannotOpen("\(backup) is of a server that never was in a cluster.")
        }
        if case .founding = purpose { try refuseAdmissions(in: copy, backup) }
        let files = StoreFiles(directory: directory)
        let part = files.directory + "/restore.part"
        do {
            let lock = try DirectoryLock(files)
            defer { withExtendedLifetime(lock) {} }
            try requireEmpty(files)
            let source = try CopyFile.open(backup)
            defer { try? source.close() }
            try CopyFile.copy(source, to: part)
            try change(part, copy, purpose)
            _ = try StoreCopy(verifying: part)
            try VFSFile(part).sync()
            try FileMove.move(part, onto: files.database)
            return copy
        } catch {
            unlink(part)
            throw StorageError(error, at: files)
        }
    }

    /// Whether a directory holds what a server once kept.
    package static func hasData(_ directory: String) throws(StorageError) -> Bool {
        let files = StoreFiles(directory: directory)
        do {
            return try [files.database, files.writeAheadLog, files.evidence].contains {
                try VFSFile.exists($0)
            }
        } catch {
            throw StorageError(error, at: files)
        }
    }

    private static func requireEmpty(_ files: StoreFiles) throws(StorageError) {
        guard try !hasData(files.directory) else {
            throw .cannotOpen(
                "\(files.directory) holds data already: nothing is overwritten. Set it aside "
                    + "(mv), or restore into another directory.")
        }
    }

    /// An admission that is stored and not yet applied would bring a disk of the former cluster
    /// into the new one.
    private static func refuseAdmissions(
        in copy: StoreCopy, _ backup: String
    ) throws(StorageError) {
        for entry in copy.state.tail {
            guard case .diskAdmitted = entry.payload else { continue }
            throw .cannotOpen(
                "\(backup) was taken in the moment in which a server was admitted, and can't "
                    + "found a cluster: use another backup.")
        }
    }

    private static func change(_ path: String, _ copy: StoreCopy, _ purpose: Purpose) throws {
        var facts = FactsRow(disk: purpose.disk)
        facts.ballot = Ballot(round: max(copy.facts.ballot.round, copy.end.epoch), vote: nil)
        facts.ceiling = copy.facts.ceiling
        facts.applied = copy.facts.applied
        facts.sum = copy.facts.sum
        let queue = try CopyFile.open(path, isReadOnly: false)
        defer { try? queue.close() }
        try queue.inDatabase { db in
            try db.inTransaction(.immediate) {
                switch purpose {
                case .recovering: facts.isRecovering = true
                case .founding(_, let formation): try found(formation, copy, &facts, in: db)
                }
                try facts.write(PreparedStatement(try db.makeStatement(sql: FactsRow.update)))
                return .commit
            }
        }
    }

    /// Another formation, and nobody admitted since: with the sum of the rows as it is then.
    private static func found(
        _ formation: Formation, _ copy: StoreCopy, _ facts: inout FactsRow, in db: Database
    ) throws {
        for sum in try UInt64.checksums(of: "formation", in: db) { facts.sum &-= sum }
        for sum in try UInt64.checksums(of: "admitted", in: db) { facts.sum &-= sum }
        let bytes = FactsCodec.encode(formation)
        let checksum = StoredRow.checksum(.formation, [bytes], [])
        try db.execute(sql: "DELETE FROM admitted")
        let statement = PreparedStatement(
            try db.makeStatement(sql: "INSERT OR REPLACE INTO formation VALUES (1, ?, ?)"))
        statement.bind(1, bytes)
        statement.bind(2, checksum)
        try statement.run()
        facts.sum &+= checksum
    }
}

extension UInt64 {
    /// The checksums of a table's rows.
    fileprivate static func checksums(of table: String, in db: Database) throws -> [UInt64] {
        var result: [UInt64] = []
        let statement = try db.makeStatement(sql: "SELECT checksum FROM \(table)")
        try PreparedStatement(statement).rows { row in
            result.append(row.word(0))
            return true
        }
        return result
    }
}
