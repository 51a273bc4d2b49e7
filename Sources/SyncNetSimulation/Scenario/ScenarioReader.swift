import DeterministicSimulation
import Foundation
import StateMachine
import SyncNetProtocol
import Yams

/// One table of a scenario file, whose keys are taken one after the other. What is left over
/// was misspelt.
final class ScenarioTable {
    private let file: String
    private let path: String
    private var rest: [(key: String, value: Node)]
    private var known: [String] = []

    init(_ node: Node, file: String, path: String = "") throws(ScenarioError) {
        self.file = file
        self.path = path
        guard case .mapping(let mapping) = node else {
            let what = path.isEmpty ? "the file" : path
            throw Self.error(file, node, "\(what) has to be a table of names and values")
        }
        rest = []
        for (key, value) in mapping {
            guard let name = key.string else { continue }
            if rest.contains(where: { $0.key == name }) {
                throw Self.error(file, key, "\(name) stands there twice")
            }
            rest.append((name, value))
        }
    }

    private static func error(_ file: String, _ node: Node, _ text: String) -> ScenarioError {
        let line = node.mark.map { ":\($0.line)" } ?? ""
        return ScenarioError("\(file)\(line): \(text)")
    }

    private func take(_ key: String) -> Node? {
        known.append(key)
        guard let place = rest.firstIndex(where: { $0.key == key }) else { return nil }
        return rest.remove(at: place).value
    }

    private func bad(_ key: String, _ node: Node, _ wanted: String) -> ScenarioError {
        let given = node.scalar.map { "\"\($0.string)\"" } ?? "what stands there"
        let name = path.isEmpty ? key : "\(path).\(key)"
        return Self.error(file, node, "\(name) can't be \(given); write \(wanted)")
    }

    /// Takes a value that `read` understands.
    func value<Value>(
        _ key: String, as wanted: String, into value: inout Value,
        _ read: (String) -> Value?
    ) throws(ScenarioError) {
        guard let node = take(key) else { return }
        guard let text = node.scalar?.string, let found = read(text) else {
            throw bad(key, node, wanted)
        }
        value = found
    }

    /// Takes a list of values, or a single one.
    func list<Value>(
        _ key: String, as wanted: String, _ read: (String) -> Value?
    ) throws(ScenarioError) -> [Value]? {
        guard let node = take(key) else { return nil }
        var nodes = [node]
        if case .sequence(let sequence) = node { nodes = Array(sequence) }
        var values: [Value] = []
        for node in nodes {
            guard let text = node.scalar?.string, let value = read(text) else {
                throw bad(key, node, wanted)
            }
            values.append(value)
        }
        return values
    }

    /// Takes a table inside this one.
    func table(_ key: String) throws(ScenarioError) -> ScenarioTable? {
        guard let node = take(key) else { return nil }
        let name = path.isEmpty ? key : "\(path).\(key)"
        return try ScenarioTable(node, file: file, path: name)
    }

    /// Refuses what nobody has taken.
    func end() throws(ScenarioError) {
        guard let left = rest.first else { return }
        let place = path.isEmpty ? "a scenario" : path
        let names = known.joined(separator: ", ")
        throw Self.error(
            file, left.value, "\(place) has no \"\(left.key)\"; it has: \(names)")
    }
}

// Files.
extension ScenarioTable {
    /// The table that a file holds, and the name that the file gives it.
    static func load(
        _ path: String
    ) throws(ScenarioError) -> (table: ScenarioTable, name: String) {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ScenarioError("\(path): can't be read; see that the file is there")
        }
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return (try parse(text, file: path), name)
    }

    static func parse(
        _ text: String, file: String
    ) throws(ScenarioError) -> ScenarioTable {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            let line = "\(error)".split(separator: "\n").first.map(String.init) ?? "not YAML"
            throw ScenarioError("\(file): this is no YAML (\(line)); see the other scenarios")
        }
        guard let node else { throw ScenarioError("\(file): the file is empty") }
        return try ScenarioTable(node, file: file)
    }
}

extension ScenarioTable {
    func interval(_ key: String, into value: inout Interval) throws(ScenarioError) {
        try self.value(key, as: "a time such as 500ms or 20s", into: &value) {
            Quantities.interval(Substring($0))
        }
    }

    func interval(_ key: String, into value: inout Interval?) throws(ScenarioError) {
        try self.value(key, as: "a time such as 500ms or 20s", into: &value) {
            Quantities.interval(Substring($0)).map { .some($0) }
        }
    }

    func intervals(_ key: String, into value: inout ClosedRange<Interval>) throws(ScenarioError) {
        try self.value(key, as: "a time or a range such as 20ms-2s", into: &value) {
            Quantities.range($0, of: Quantities.interval)
        }
    }

    func numbers(
        _ key: String, from allowed: ClosedRange<UInt64>, into value: inout ClosedRange<UInt64>
    ) throws(ScenarioError) {
        let wanted =
            "a number or a range such as 3-7, from \(allowed.lowerBound) to "
            + "\(allowed.upperBound)"
        try self.value(key, as: wanted, into: &value) { text in
            guard let range = Quantities.range(text, of: Quantities.number),
                allowed.contains(range.lowerBound), allowed.contains(range.upperBound)
            else { return nil }
            return range
        }
    }

    func quantities(
        _ key: String, into value: inout ClosedRange<UInt32>
    ) throws(ScenarioError) {
        try self.value(key, as: "a number or a range such as 64-1400", into: &value) { text in
            Quantities.range(text, of: { UInt32($0) })
        }
    }

    func number(_ key: String, into value: inout UInt64) throws(ScenarioError) {
        try self.value(key, as: "a number", into: &value) { UInt64($0) }
    }

    func number(_ key: String, into value: inout UInt64?) throws(ScenarioError) {
        try self.value(key, as: "a number", into: &value) { UInt64($0).map { .some($0) } }
    }

    func weight(_ key: String, into value: inout UInt32) throws(ScenarioError) {
        try self.value(key, as: "a weight from 0 up", into: &value) { UInt32($0) }
    }

    func share(_ key: String, into value: inout UInt32) throws(ScenarioError) {
        try self.value(key, as: "a share such as 5%", into: &value) {
            Quantities.perMillion(Substring($0))
        }
    }

    func flag(_ key: String, into value: inout Bool) throws(ScenarioError) {
        try self.value(key, as: "true or false", into: &value) { Bool($0) }
    }
}
