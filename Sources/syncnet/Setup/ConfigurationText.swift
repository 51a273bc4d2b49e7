import StateMachine
import SyncNetProtocol
import SyncNetRuntime

/// A configuration as a file that explains itself. What has its default is written as a
/// comment, so that everything that can be set is there to be seen.
struct ConfigurationText {
    private let plan: ClusterPlan
    private let secretFile: String

    init(_ plan: ClusterPlan, secretFile: String) {
        self.plan = plan
        self.secretFile = secretFile
    }

    /// The file.
    var text: String {
        [
            head, servers, secret, tls, timing, section("limits", limits),
            section("network", network), rest,
        ].joined(separator: "\n")
    }

    private var head: String {
        """
        # A SyncNet cluster. All servers have the same file.
        #
        # Flags go over environment variables, and those over this file: what is written here as
        # limits: {sessions: 500} is --set limits.sessions=500 and SYNCNET_LIMITS_SESSIONS=500.
        # Paths that are not absolute go by this file's own directory.
        # A setting behind "#" has this value unless it is said (http_port, record, tls: none). To
        # say one, take the "#" away, and that of the part that it is in (limits:, network:).
        # "syncnet check-config FILE" says what is wrong.

        """
    }

    private var servers: String {
        let lines = plan.ring.map {
            "  - {id: \($0.serverID), host: \($0.host), base_port: \($0.basePort), "
                + "ring_position: \($0.ringPosition)}\n"
        }
        return """
            # Who they are. A server has five ports: base_port for clients (TCP), and 10, 20, 30 \
            and 40
            # above it for discovery, heartbeats, elections with replication, and multicast chat.
            servers:

            """ + lines.joined()
    }

    private var secret: String {
        """
        # What all servers share and nobody else knows; not everybody may read the file.
        secret_file: \(secretFile)

        """
    }

    private var tls: String {
        let comment = """
            # TLS for clients and for the streams between servers, with PEM files; {id} stands \
            for a
            # server's id. Clients need only the authority.

            """
        guard !plan.tls.isEmpty else {
            return comment
                + "# tls: {certificate: \"tls/{id}.crt\", key: \"tls/{id}.key\", "
                + "authority: tls/authority.crt}\n"
        }
        let lines = SettingNames.tls.compactMap { name, field in
            plan.tls[keyPath: field].map { "  \(name): \"\($0)\"\n" }
        }
        return comment + "tls:\n" + lines.joined()
    }

    private var timing: String {
        let shown = TimingChoice.intervals.map { name, field in
            let value = "\(plan.timing[keyPath: field].nanoseconds / 1_000_000)ms"
            return line("timing", name, value, isDefault: true)
        }
        let tries = TimingChoice.tries.map { name, field in
            line("timing", name, "\(plan.timing[keyPath: field])", isDefault: true)
        }
        return """
            # How long it waits for what: a profile (guide, lan in one building, wan far apart), \
            over
            # which single numbers go.
            timing:
              profile: guide

            """ + shown.joined() + tries.joined()
    }

    private var limits: [(String, String, isDefault: Bool)] {
        SettingNames.limits.map { name, field in
            (name, "\(plan.limits[keyPath: field])", true)
        }
    }

    private var network: [(String, String, isDefault: Bool)] {
        let standard = NetworkSettings()
        let addresses = SettingNames.addresses.map { name, field in
            let value = plan.network[keyPath: field]
            return (name, value, isDefault: value == standard[keyPath: field])
        }
        return addresses
            + SettingNames.sizes.map { name, field in
                let value = plan.network[keyPath: field]
                return (name, "\(value)", isDefault: value == standard[keyPath: field])
            }
    }

    private func section(
        _ name: String, _ values: [(String, String, isDefault: Bool)]
    ) -> String {
        let hasOwn = values.contains { !$0.isDefault }
        let lines = values.map { line(name, $0, $1, isDefault: $2) }
        let what =
            name == "limits"
            ? "How much a server takes on."
            : "Addresses, sizes of buffers, and how much one address or connection may ask for."
        return "# \(what)\n\(hasOwn ? "" : "# ")\(name):\n" + lines.joined()
    }

    /// A setting of a part, with what it means.
    private func line(
        _ part: String, _ name: String, _ value: String, isDefault: Bool
    ) -> String {
        let setting = "\(isDefault ? "# " : "")  \(name): \(value)"
        guard let words = SettingWords.of(part, name) else { return setting + "\n" }
        let gap = String(repeating: " ", count: max(2, Self.wordsColumn - setting.count))
        return setting + gap + "# \(words)\n"
    }

    /// Where the words begin.
    private static let wordsColumn = 38

    private var rest: String {
        """
        # Each server keeps its data in a directory of its id in here.
        data_dir: data
        # Who has to log in: off, optional (names that have an account) or required.
        # accounts: off
        # trace, debug, info, notice, warning, error or critical.
        log_level: info
        # How servers log: text for people, json for programs.
        log_format: text
        # Metrics and health over HTTP: the first server here, each next one a port higher.
        # http_port: 9100
        # Record what each server is told, for "syncnet conform", in files in this directory, which
        # take at most so many MiB for a server; of effects a digest, or (full) all of them.
        # record: records
        # record_limit: \(plan.recordLimit)
        # record_effects: digest

        """
    }
}
