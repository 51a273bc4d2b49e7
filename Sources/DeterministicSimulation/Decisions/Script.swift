import StateMachine

/// Where a playback and the run that it should repeat went apart.
public struct Divergence: Equatable, Sendable {
    /// How many choices agreed before.
    public var position: Int
    /// What the recording has there.
    public var recorded: String
    /// What the run asked for.
    public var asked: String
}

enum Script {
    case none
    case recording(Recording)
    case playback(Playback)

    var isPlayback: Bool {
        guard case .playback = self else { return false }
        return true
    }

    mutating func keep(_ point: DecisionPoint, _ value: UInt64) {
        guard case .recording(var recording) = self else { return }
        self = .none
        recording.keep(point, value)
        self = .recording(recording)
    }

    mutating func replay(_ point: DecisionPoint, in range: ClosedRange<UInt64>) -> UInt64 {
        guard case .playback(var playback) = self else { return range.lowerBound }
        self = .none
        defer { self = .playback(playback) }
        return playback.next(point, in: range)
    }
}

/// Finds the index of a kind. By address first: a name is a literal, and one literal has few
/// addresses.
struct KindTable {
    private(set) var names: [String] = []
    private var addresses: [(address: UInt, index: UInt16)] = []

    init(_ names: [String] = []) { self.names = names }

    mutating func index(of kind: DecisionKind) -> UInt16? {
        let address = UInt(bitPattern: kind.name.utf8Start)
        for known in addresses where known.address == address { return known.index }
        let name = kind.name.description
        for (index, known) in names.enumerated() where known == name {
            addresses.append((address, UInt16(index)))
            return UInt16(index)
        }
        return nil
    }

    mutating func add(_ kind: DecisionKind) -> UInt16 {
        names.append(kind.name.description)
        return index(of: kind) ?? 0
    }
}

struct Recording {
    private var table = KindTable()
    private var decisions: [Decision] = []

    var list: DecisionList {
        var list = DecisionList()
        list.kinds = table.names
        list.decisions = decisions
        return list
    }

    mutating func keep(_ point: DecisionPoint, _ value: UInt64) {
        let kind = table.index(of: point.kind) ?? table.add(point.kind)
        decisions.append(
            Decision(
                kind: kind, node: point.node?.rank ?? Decision.nobody,
                other: point.other?.rank ?? Decision.nobody, value: value))
    }
}

struct Playback {
    private let list: DecisionList
    private var table: KindTable
    private var position = 0
    private(set) var divergence: Divergence?

    init(_ list: DecisionList) {
        self.list = list
        table = KindTable(list.kinds)
    }

    mutating func next(_ point: DecisionPoint, in range: ClosedRange<UInt64>) -> UInt64 {
        guard divergence == nil else { return range.lowerBound }
        guard position < list.decisions.count else {
            return diverge(point, range, recorded: "the end")
        }
        let decision = list.decisions[position]
        guard table.index(of: point.kind) == decision.kind,
            decision.node == point.node?.rank ?? Decision.nobody,
            decision.other == point.other?.rank ?? Decision.nobody,
            range.contains(decision.value)
        else { return diverge(point, range, recorded: describe(decision)) }
        position += 1
        return decision.value
    }

    private mutating func diverge(
        _ point: DecisionPoint, _ range: ClosedRange<UInt64>, recorded: String
    ) -> UInt64 {
        var asked = point.kind.name.description
        if let node = point.node { asked += " n\(node.rank)" }
        if let other = point.other { asked += " n\(other.rank)" }
        asked += " in \(range.lowerBound)...\(range.upperBound)"
        divergence = Divergence(position: position, recorded: recorded, asked: asked)
        return range.lowerBound
    }

    private func describe(_ decision: Decision) -> String {
        let kind = Int(decision.kind)
        var text = kind < list.kinds.count ? list.kinds[kind] : "unnamed"
        if decision.node != Decision.nobody { text += " n\(decision.node)" }
        if decision.other != Decision.nobody { text += " n\(decision.other)" }
        return text + " = \(decision.value)"
    }
}
