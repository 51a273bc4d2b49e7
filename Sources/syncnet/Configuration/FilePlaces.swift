/// Where in a file the parts of a configuration are, by their names.
struct FilePlaces: Equatable, Sendable {
    private var places: [String: String] = [:]

    /// Remembers the place of a part, like `limits` or `servers.server1`.
    mutating func note(_ name: String, at place: String) { places[name] = place }

    /// A part is not as the file says.
    mutating func remove(_ path: [String]) {
        let names = path == ["members"] || path == ["host"] ? "servers" : path.first ?? ""
        places = places.filter { $0.key != names && !$0.key.hasPrefix(names + ".") }
    }

    /// The place of a part, or of what it is a part of.
    subscript(name: String) -> String? {
        places[name] ?? name.split(separator: ".").first.flatMap { places[String($0)] }
    }
}
