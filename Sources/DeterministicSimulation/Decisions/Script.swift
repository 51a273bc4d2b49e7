import StateMachine

/// What a recording keeps, and what a playback has to give: choices by their names.
struct Script {
    enum Mode {
        case none
        case recording
        case playback
    }

    let mode: Mode
    private var names: NameTable
    private var sites = SiteTable()
    private let list: DecisionList
    private var kept: [Decision] = []
    /// Told of each choice that is kept, as a line.
    private let keeping: ((String) -> Void)?
    /// The choices of `list`, those of one site together, by occurrence.
    private var order: [Int] = []
    /// When each was asked for; nil where it was not yet.
    private var asked: [Instant?] = []
    private var isRefused: [Bool] = []

    init(
        _ mode: Mode, _ list: DecisionList = DecisionList(), keeping: ((String) -> Void)? = nil
    ) {
        self.mode = mode
        self.keeping = keeping
        self.list = list
        names = NameTable(list.names)
        guard mode == .playback else { return }
        asked = Array(repeating: nil, count: list.decisions.count)
        isRefused = Array(repeating: false, count: list.decisions.count)
        arrange()
    }

    private mutating func arrange() {
        let decisions = list.decisions
        let rows = decisions.map { sites.row(of: $0.site) }
        order = decisions.indices.sorted {
            (rows[$0], decisions[$0].occurrence, $0) < (rows[$1], decisions[$1].occurrence, $1)
        }
        var begin = 0
        for end in 1...max(order.count, 1) where end <= order.count {
            guard end == order.count || rows[order[end]] != rows[order[begin]] else { continue }
            sites.setRest(begin..<end, of: rows[order[begin]])
            begin = end
        }
    }

    private mutating func site(
        _ point: DecisionPoint, _ subject: DecisionSubject
    ) -> Site {
        Site(
            kind: names.index(of: point.kind.name), label: names.index(of: subject.label),
            node: point.node?.rank ?? Decision.nobody,
            other: point.other?.rank ?? Decision.nobody, number: subject.number)
    }

    /// Counts without a choice: how many of its sort there were.
    mutating func count(_ point: DecisionPoint, _ subject: DecisionSubject) -> UInt32 {
        sites.count(sites.row(of: site(point, subject)))
    }

    /// Keeps a choice that was made.
    mutating func keep(
        _ point: DecisionPoint, _ subject: DecisionSubject, _ value: Decision.Value?,
        at now: Instant
    ) {
        let site = sites.row(of: site(point, subject))
        let occurrence = sites.count(site)
        guard let value else { return }
        let decision = Decision(sites.rows[site].site, occurrence, value, at: now)
        kept.append(decision)
        guard let keeping else { return }
        var list = DecisionList()
        list.names = names.names
        keeping(list.line(of: decision))
    }

    mutating func word(_ name: String) -> Decision.Value { .word(names.index(of: name)) }

    /// The place of the choice that is due, if there is one for it.
    mutating func next(
        _ point: DecisionPoint, _ subject: DecisionSubject, at now: Instant
    ) -> Int? {
        // Most of what a small story is asked it does not name: that is not counted.
        guard let site = sites.find(site(point, subject)) else { return nil }
        let occurrence = sites.count(site)
        var rest = sites.rows[site].rest
        while let first = rest.first, list.decisions[order[first]].occurrence < occurrence {
            rest = rest.dropFirst()
        }
        guard let first = rest.first, list.decisions[order[first]].occurrence == occurrence else {
            return nil
        }
        sites.setRest(rest.dropFirst(), of: site)
        asked[order[first]] = now
        return order[first]
    }

    func value(_ place: Int) -> Decision.Value { list.decisions[place].value }

    func name(of word: UInt16) -> String { list.name(word) }

    /// The value is that of everybody who is not told.
    mutating func use(_ place: Int, at now: Instant) {
        var decision = list.decisions[place]
        decision.at = now
        kept.append(decision)
    }

    mutating func refuse(_ place: Int) { isRefused[place] = true }

    /// What was recorded, or what of a recording was of use.
    var result: DecisionList {
        var result = list
        result.names = names.names
        result.decisions = kept
        return result
    }

    /// The first choice of a recording that the run has not made as it stands there.
    func divergence(until end: Instant) -> Divergence? {
        for (place, decision) in list.decisions.enumerated() where decision.at <= end {
            let reason: Divergence.Reason
            if let moment = asked[place] {
                guard isRefused[place] || moment != decision.at else { continue }
                reason = isRefused[place] ? .notLegal : .moved(to: moment)
            } else {
                reason = .neverAsked
            }
            return Divergence(decision: list.text(of: decision), at: decision.at, reason: reason)
        }
        return nil
    }
}
