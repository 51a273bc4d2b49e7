import Foundation

/// What the flags of a command say about its cluster: they go before the environment, and the
/// environment before the file.
struct ClusterFlags {
    /// The file.
    var config: String?
    /// What `--set` sets, each as `name=value`.
    var settings: [String]
    /// What a flag of its own sets, by the setting's name.
    var named: [String: String?]

    /// What file, environment and flags say together.
    func plan() throws -> ClusterPlan {
        try plan(environment: ProcessInfo.processInfo.environment)
    }

    func plan(environment: [String: String]) throws -> ClusterPlan {
        var plan = ClusterPlan()
        let layers = layers(environment: environment)
        if let path = config ?? environment["SYNCNET_CONFIG"] {
            try ConfigurationFile.read(path, into: &plan)
        }
        try layers.apply(to: &plan)
        return plan
    }

    /// What flags and environment set.
    func layers(environment: [String: String]) -> Layers {
        var flags: [String: String] = [:]
        var problems: [String] = []
        for text in settings {
            let pair = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, Setting.all.contains(where: { $0.name == pair[0] }) else {
                problems.append(
                    "--set \(text): is no setting like limits.sessions=500 (\"syncnet init\" "
                        + "writes a file with all of them)")
                continue
            }
            flags[pair[0]] = pair[1]
        }
        for (name, value) in named { if let value { flags[name] = value } }
        return Layers(flags: flags, environment: environment, problems: problems)
    }
}
