import Foundation
import SyncNetCertificates
import SyncNetRuntime

/// Writes an authority and certificates for the servers of a plan, for trying out.
struct TrialCertificates {
    /// The folder of the files.
    let directory: String

    /// Their names, as a configuration has them.
    var files: TLSFiles {
        TLSFiles(
            certificate: "\(directory)/{id}.crt", key: "\(directory)/{id}.key",
            authority: "\(directory)/authority.crt")
    }

    /// Writes them all, for their own hosts and for those of `doors`; keys for their owner only.
    func write(
        since begin: Date = Date(), for servers: [ServerConfig], alsoAt doors: [String] = []
    ) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: false)
        } catch {
            throw Failure("can't make the folder \(directory): \(error.localizedDescription)")
        }
        do {
            let authority = try TrialAuthority(at: begin)
            try write(authority.pair(), as: "authority")
            for server in servers {
                try write(authority.pair(for: server, alsoAt: doors), as: server.serverID)
            }
        } catch {
            remove()
            throw error
        }
    }

    /// Takes the folder away again, with all that is in it.
    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ pair: TrialAuthority.Pair, as name: String) throws {
        try NewFile.write(pair.certificate, to: "\(directory)/\(name).crt", mode: 0o644)
        try NewFile.write(pair.key, to: "\(directory)/\(name).key", mode: 0o600)
    }
}
