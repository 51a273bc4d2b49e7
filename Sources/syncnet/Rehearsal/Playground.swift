import Foundation

/// A cluster of its own in a temporary folder, of which nothing stays.
struct Playground {
    private let cluster: ClusterOptions
    private let directory: String
    private let prefix: (Int) -> [String]

    /// The folder is made in `parent`: where this machine has temporary files by default. The
    /// words of `prefix`, by rank, stand before the command of a server.
    init(
        _ cluster: ClusterOptions, in parent: String = NSTemporaryDirectory(),
        prefix: @escaping (Int) -> [String] = { _ in [] }
    ) {
        self.cluster = cluster
        self.prefix = prefix
        directory = parent + (parent.hasSuffix("/") ? "" : "/") + "syncnet-\(getpid())"
    }

    /// Plays, and takes everything away afterwards, also after Ctrl-C.
    func play(_ act: (Company) async throws -> Void) async throws {
        var cluster = cluster
        cluster.home.dataDir = directory
        // Nobody has an account in a cluster that is made for this.
        cluster.home.accounts = "off"
        let plan = try cluster.plan()
        try plan.check()
        let company = try Company(
            plan: plan, arguments: cluster.arguments, isTied: true, prefix: prefix)
        let directory = directory
        // The servers end by themselves: their lifelines are this process's.
        let signals = Signals.onStop { number in
            try? FileManager.default.removeItem(atPath: directory)
            Foundation.exit(128 + number)
        }
        defer {
            withExtendedLifetime(signals) {}
            company.killAll()
            try? FileManager.default.removeItem(atPath: directory)
        }
        try await act(company)
    }
}
