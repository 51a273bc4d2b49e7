import ArgumentParser
import Foundation
import SyncNetCertificates
import SyncNetRuntime

/// Makes certificates for servers that were added, or whose certificates end.
struct CertifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certify",
        abstract: "Make certificates for servers, by the authority of init --tls.",
        discussion: """
            For a server that was added to the file, or with --renew for one whose certificate \
            ends; its former files then get names that end with .former. A server reads its new \
            files at its next start.
            """)

    @Argument(help: "The ids of the servers.")
    var servers: [String]

    @Option(
        help: """
            The authority's private key; the file of tls.authority with the ending .key by \
            default.
            """)
    var authorityKey: String?

    @Flag(help: "Put new ones in the place of those that are there.")
    var renew = false

    @OptionGroup var place: PlaceOptions
    @OptionGroup(visibility: .hidden) var home: HomeOptions

    func validate() throws {
        if servers.isEmpty { throw ValidationError("Name a server of the configuration.") }
    }

    func run() throws {
        let plan = try ClusterFlags(place, home).plan()
        guard let authorityPath = plan.tls.authority, plan.tls.certificate != nil,
            plan.tls.key != nil
        else {
            throw Failure(
                "the configuration has no tls: name certificate, key and authority there, or make "
                    + "all of them with \"syncnet init --tls\"")
        }
        for id in servers { try plan.demandServer(id) }
        for path in [plan.tls.certificate, plan.tls.key].compactMap({ $0 })
        where !path.contains("{id}") {
            throw Failure(
                "\(path) is one name for the files of all servers: put {id} into it, or one would "
                    + "take the place of another")
        }
        let authority = try authority(authorityPath)
        for server in plan.servers where servers.contains(server.serverID) {
            let files = plan.tls.files(of: server.serverID)
            let pair = try authority.pair(for: server)
            try write([
                (files.certificate ?? "", pair.certificate, 0o644),
                (files.key ?? "", pair.key, 0o600),
            ])
            Terminal.print(
                "\(files.certificate ?? ""), \(files.key ?? ""): for \(server.serverID) at "
                    + "\(server.host); take them to its machine")
        }
    }

    private func authority(_ path: String) throws -> TrialAuthority {
        let keyPath = authorityKey ?? (path as NSString).deletingPathExtension + ".key"
        let texts = try [path, keyPath].map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Failure(
                    "can't read \(path): name the authority's key with --authority-key, where you "
                        + "keep it")
            }
            return String(decoding: data, as: UTF8.self)
        }
        do {
            let authority = try TrialAuthority(certificate: texts[0], key: texts[1])
            guard authority.ends > Date() else {
                throw Failure(
                    "the authority \(path) has ended: make a new one with \"syncnet init --tls\"")
            }
            return authority
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("\(keyPath) is not the private key of the authority \(path)")
        }
    }

    /// Writes all files, or none: they get their names when all are on the disk.
    private func write(_ files: [(path: String, text: String, mode: Int)]) throws {
        for file in files where access(file.path, F_OK) == 0 && !renew {
            throw Failure(
                "\(file.path) is there already: say --renew to have a new one in its place")
        }
        do {
            for file in files {
                try NewFile.write(file.text, to: file.path + ".new", mode: file.mode)
            }
        } catch {
            for file in files { unlink(file.path + ".new") }
            throw error
        }
        for file in files {
            if access(file.path, F_OK) == 0 { try move(file.path, file.path + ".former") }
            try move(file.path + ".new", file.path)
        }
    }

    private func move(_ path: String, _ name: String) throws {
        guard rename(path, name) == 0 else {
            throw Failure("\(path) can't become \(name): \(String(cString: strerror(errno)))")
        }
    }
}
