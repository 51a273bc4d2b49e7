import Configuration

/// What flags and environment set: flags go before the environment, and both go over the file.
///
/// The library's own reader of YAML is not used for the file: it knows neither lists of
/// servers nor the line of a mistake.
struct Layers {
    private static let prefix = "syncnet"

    private let flags: [String: String]
    private let environment: [String: String]
    private let reader: ConfigReader
    /// What is wrong with flags that set nothing.
    private let problems: [String]

    /// Makes layers of flags by their setting's name, and of all environment variables.
    init(flags: [String: String], environment: [String: String], problems: [String] = []) {
        self.problems = problems
        self.flags = flags
        self.environment = environment
        let values = flags.map { name, value in
            (AbsoluteConfigKey(Self.key(Self.path(of: name))), ConfigValue(stringLiteral: value))
        }
        reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Dictionary(values) { $1 }),
            EnvironmentVariablesProvider(environmentVariables: environment),
        ])
    }

    private static func path(of name: String) -> [String] {
        name.split(separator: ".").map(String.init)
    }

    private static func key(_ path: [String]) -> ConfigKey { ConfigKey([prefix] + path) }

    /// What is set, flags first.
    subscript(path: [String]) -> String? { reader.string(forKey: Self.key(path)) }

    /// Where it was set, as its user wrote it.
    private func origin(of path: [String]) -> String {
        let name = path.joined(separator: ".")
        return flags[name] != nil ? "--set \(name)" : Self.variable(path)
    }

    private static func variable(_ path: [String]) -> String {
        ([prefix] + path).joined(separator: "_").uppercased()
    }

    /// Changes a plan as the layers say, and throws all that is wrong with them.
    func apply(to plan: inout ClusterPlan) throws(Mistakes) {
        var problems = problems
        for setting in Setting.all {
            guard let value = self[setting.path] else { continue }
            do {
                try setting.set(value, &plan)
                plan.places.remove(setting.path)
            } catch {
                problems.append(
                    setting.path.count > 1 ? "\(origin(of: setting.path)): \(error)" : "\(error)")
            }
        }
        if !problems.isEmpty { throw Mistakes(problems: problems) }
    }

    /// Variables that begin as ours do and mean nothing.
    var unknownVariables: [String] {
        let others = [
            "CONFIG", "SERVER_HOST", "SERVER_PORT", "NAME", "COMMAND", "SIMULATIONS", "DISCOVERY",
        ]
        let known = Setting.all.map { Self.variable($0.path) } + others.map { "SYNCNET_\($0)" }
        return environment.keys.filter { $0.hasPrefix("SYNCNET_") && !known.contains($0) }.sorted()
    }
}
