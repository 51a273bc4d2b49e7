import StateMachine

/// Choices as lines: readable, and without loss.
///
/// ```
/// 1.204 s  fault.kind (strike 3) = crash
/// 1.31 s  packet.lost s1 s2 (append 17) = yes
/// 1.4 s  disk.commit s2 #12 = 480 ms
/// ```
///
/// When, the kind, the nodes, what it is about, the how-manieth of that name (if not the
/// first), and what was chosen.
extension DecisionList {
    /// A choice without its moment.
    public func text(of decision: Decision) -> String {
        var text = kind(of: decision)
        if decision.node != Decision.nobody { text += " " + node(decision.node) }
        if decision.other != Decision.nobody { text += " " + node(decision.other) }
        let label = label(of: decision)
        if decision.number > 0 {
            text += label.isEmpty ? " (\(decision.number))" : " (\(label) \(decision.number))"
        } else if !label.isEmpty {
            text += " (\(label))"
        }
        if decision.occurrence > 1 { text += " #\(decision.occurrence)" }
        return text + " = " + self.text(of: decision.value)
    }

    private func text(of value: Decision.Value) -> String {
        switch value {
        case .number(let number): "\(number)"
        case .time(let interval): Quantity.time(interval.nanoseconds)
        case .moment(let moment): "at \(Quantity.seconds(moment.nanoseconds)) s"
        case .yes: "yes"
        case .word(let word): name(word)
        }
    }

    /// A choice as a line of a file.
    func line(of decision: Decision) -> String {
        "\(Quantity.seconds(decision.at.nanoseconds)) s  \(text(of: decision))"
    }

    /// Adds the choice of a line. False: it is none.
    public mutating func add(line: Substring) -> Bool {
        var reader = DecisionLine(line)
        guard let at = reader.moment(), let kind = reader.word() else { return false }
        var names = NameTable(self.names)
        var ranks: [UInt32] = []
        while let rank = reader.node(nodes) { ranks.append(rank) }
        let subject = reader.subject()
        let occurrence = reader.occurrence()
        guard ranks.count <= 2, let subject, let occurrence,
            let value = reader.value({ .word(names.index(of: $0)) }), reader.isAtEnd
        else { return false }
        let site = Site(
            kind: names.index(of: String(kind)),
            label: subject.label.isEmpty ? Decision.unnamed : names.index(of: subject.label),
            node: ranks.first ?? Decision.nobody,
            other: ranks.count > 1 ? ranks[1] : Decision.nobody, number: subject.number)
        self.names = names.names
        decisions.append(Decision(site, occurrence, value, at: at))
        return true
    }
}

/// Takes the parts of a line off its front.
private struct DecisionLine {
    private var rest: ArraySlice<Substring>

    init(_ line: Substring) { rest = line.split(separator: " ")[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func word() -> Substring? { rest.popFirst() }

    mutating func moment() -> Instant? {
        guard let number = rest.popFirst(), let unit = rest.popFirst(), unit == "s" else {
            return nil
        }
        return Quantity.nanoseconds(number, unit).map { Instant(nanoseconds: $0) }
    }

    mutating func node(_ nodes: [NodeName]) -> UInt32? {
        guard let word = rest.first else { return nil }
        if let known = nodes.first(where: { $0.name == word }) {
            rest.removeFirst()
            return known.rank
        }
        guard word.hasPrefix("n"), let rank = UInt32(word.dropFirst()) else { return nil }
        rest.removeFirst()
        return rank
    }

    /// What stands in parentheses; nothing in particular where nothing does.
    mutating func subject() -> (label: String, number: UInt64)? {
        guard let first = rest.first, first.hasPrefix("(") else { return ("", 0) }
        rest.removeFirst()
        let label = first.dropFirst()
        if label.hasSuffix(")") {
            let inside = label.dropLast()
            return UInt64(inside).map { ("", $0) } ?? (String(inside), 0)
        }
        guard let second = rest.popFirst(), second.hasSuffix(")"),
            let number = UInt64(second.dropLast())
        else { return nil }
        return (String(label), number)
    }

    mutating func occurrence() -> UInt32? {
        guard let word = rest.first, word.hasPrefix("#") else { return 1 }
        rest.removeFirst()
        return UInt32(word.dropFirst()).flatMap { $0 > 1 ? $0 : nil }
    }

    mutating func value(_ named: (String) -> Decision.Value) -> Decision.Value? {
        guard rest.popFirst() == "=", let first = rest.popFirst() else { return nil }
        if first == "at" {
            return moment().map { .moment($0) }
        }
        if let unit = rest.popFirst() {
            return Quantity.nanoseconds(first, unit).map { .time(Interval(nanoseconds: $0)) }
        }
        if let number = UInt64(first) { return .number(number) }
        return first == "yes" ? .yes : named(String(first))
    }
}
