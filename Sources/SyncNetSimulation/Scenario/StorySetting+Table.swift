import DeterministicSimulation
import Yams

/// A scenario's table as lines, and back: `faults.crash.lasting 50ms-4s`. Knows no key, so that
/// a new one need not be told here.
extension StorySetting {
    /// All values of a table, with their paths.
    static func lines(of node: Node, at path: String = "") -> [StorySetting] {
        switch node {
        case .mapping(let mapping) where mapping.isEmpty: [StorySetting(path, "{}")]
        case .mapping(let mapping):
            mapping.flatMap { key, value in
                let name = key.string ?? "?"
                return lines(of: value, at: path.isEmpty ? name : "\(path).\(name)")
            }
        case .sequence(let sequence):
            [StorySetting(path, sequence.map { $0.string ?? "?" }.joined(separator: ", "))]
        case .scalar(let scalar): [StorySetting(path, scalar.string)]
        case .alias: []
        }
    }

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
