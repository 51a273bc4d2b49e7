/// Where a cluster's certificates are: PEM files. In all three names `{id}` stands for the id of
/// a server, so that all servers can have the same configuration.
package struct TLSFiles: Equatable, Sendable {
    /// A server's certificate, and behind it those that lead from it to the authority.
    package var certificate: String?
    /// The certificate's private key.
    package var key: String?
    /// The authorities whose certificates are trusted.
    package var authority: String?

    /// Makes names of files.
    package init(certificate: String? = nil, key: String? = nil, authority: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.authority = authority
    }

    /// Whether no file is named.
    package var isEmpty: Bool { self == TLSFiles() }

    /// Those of one server.
    package func files(of serverID: String) -> TLSFiles {
        func named(_ path: String?) -> String? {
            path?.split(separator: "{id}", omittingEmptySubsequences: false)
                .joined(separator: serverID)
        }
        return TLSFiles(
            certificate: named(certificate), key: named(key), authority: named(authority))
    }
}
