import SyncNetClient
import SyncNetCertificates
import SyncNetRuntime

// Certificates: what a server shows, and whom a client trusts.
extension ClusterPlan {
    /// Whom a client of this cluster trusts; nil where nothing is encrypted.
    func trust() throws -> ChatTLS? {
        guard let authority = tls.authority else { return nil }
        do {
            return try ChatTLS(authority: authority)
        } catch {
            throw Failure(error.description)
        }
    }

    /// What one of the servers is told, its secret and its certificate read.
    func serverSettings(of serverID: String) throws -> ServerSettings {
        var settings = try secretSettings(of: serverID)
        guard !tls.isEmpty, let server = servers.first(where: { $0.serverID == serverID }) else {
            return settings
        }
        do {
            settings.tls = try ServerTLS.read(tls, for: server)
        } catch {
            throw Failure(error.problems.joined(separator: "; also: "))
        }
        return settings
    }

    /// The servers whose certificates have to be on this machine: the one that is named, or those
    /// that can only run here. Where servers have machines of their own, each has its own files.
    var serversHere: [ServerConfig] {
        if let serverID { return servers.filter { $0.serverID == serverID } }
        return ring.filter { IPv4Address($0.host)?.isLoopback ?? false }
    }
}
