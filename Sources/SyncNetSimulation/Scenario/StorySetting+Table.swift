import DeterministicSimulation
import Yams

/// Lines such as `faults.crash.lasting 50ms-4s` as the table of a scenario file.
extension StorySetting {
    /// The table of those lines.
    static func table(of lines: [StorySetting]) -> Node {
        table(lines.map { ($0.key.split(separator: ".")[...], $0.value) })
    }

    private static func table(_ lines: [(path: ArraySlice<Substring>, value: String)]) -> Node {
        var names: [Substring] = []
        for line in lines {
            guard let name = line.path.first, !names.contains(name) else { continue }
            names.append(name)
        }
        let pairs = names.map { name in
            let inside = lines.filter { $0.path.first == name }
                .map { (path: $0.path.dropFirst(), value: $0.value) }
            let deeper = inside.filter { !$0.path.isEmpty }
            guard deeper.isEmpty else { return (Node(String(name)), table(deeper)) }
            return (Node(String(name)), leaf(inside.first?.value ?? ""))
        }
        return Node(pairs)
    }

    /// A list is one of several values.
    private static func leaf(_ value: String) -> Node {
        guard value != "{}" else { return Node([(Node, Node)]()) }
        let parts = value.split(separator: ", ")
        guard parts.count > 1 else { return Node(value) }
        return Node(parts.map { Node(String($0)) })
    }
}
