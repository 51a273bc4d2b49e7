import Foundation
import Logging
import SyncNetCertificates
import SyncNetClient

@testable import SyncNetRuntime

/// An authority with its files, for as long as it lives.
final class TestAuthority: Sendable {
    let directory: URL
    private let authority: TrialAuthority

    init() throws {
        directory = FileManager.default.temporaryDirectory
            .appending(component: "syncnet-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        authority = try TrialAuthority()
        try write(authority.pair().certificate, as: "authority.crt")
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func path(_ name: String) -> String { directory.appending(component: name).path }

    func write(_ text: String, as name: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: directory.appending(component: name))
        chmod(path(name), mode_t(mode))
    }

    /// Where the files of all servers are.
    var files: TLSFiles {
        TLSFiles(
            certificate: path("{id}.crt"), key: path("{id}.key"),
            authority: path("authority.crt"))
    }

    func pair(for server: ServerConfig, lifetime: TimeInterval = 3_600) throws
        -> TrialAuthority.Pair
    {
        try authority.pair(for: server, lifetime: lifetime)
    }

    /// Makes a server's files, and reads them.
    func tls(for server: ServerConfig) throws -> ServerTLS {
        let pair = try pair(for: server)
        try write(pair.certificate, as: "\(server.serverID).crt")
        try write(pair.key, as: "\(server.serverID).key")
        return try ServerTLS.read(files, for: server)
    }

    /// What trusts this authority alone.
    func trust() throws -> ChatTLS { try ChatTLS(authority: path("authority.crt")) }

    /// Servers that this authority knows.
    func cluster(
        of size: Int = 3, _ change: (inout ServerSettings) -> Void = { _ in }
    ) throws -> TestCluster {
        var failure: (any Error)?
        let cluster = TestCluster(of: size, logLevel: .critical, trust: try trust()) { settings in
            change(&settings)
            guard let own = settings.servers.first(where: { $0.serverID == settings.serverID })
            else { return }
            do { settings.tls = try tls(for: own) } catch { failure = error }
        }
        if let failure { throw failure }
        return cluster
    }
}
