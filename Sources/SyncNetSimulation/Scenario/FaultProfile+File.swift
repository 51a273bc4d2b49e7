import DeterministicSimulation
import StateMachine

extension FaultProfile {
    /// Reads what goes wrong from a table of a scenario file.
    init(_ table: ScenarioTable) throws(ScenarioError) {
        self.init([])
        try table.intervals("pause", into: &pause)
        var most = UInt64(atOnce)
        try table.number("at-once", into: &most)
        atOnce = Int(min(most, 100))
        try table.limit("down", into: &down)
        try table.limit("spoilt", into: &spoilt)
        try table.interval("from", into: &from)
        try table.interval("until", into: &until)
        try table.value("share", as: "a share or a range such as 1%-30%", into: &packetsPerMillion)
        { Quantities.range($0, of: Quantities.perMillion) }
        try table.intervals("by", into: &delay)
        try table.quantities("mtu", into: &mtu)
        try table.quantities("bytes-per-second", into: &bytesPerSecond)
        try table.quantities("buffer", into: &bufferBytes)
        try table.quantities("pieces", into: &pieceBytes)
        try table.value("rate", as: "a share or a range such as 90%-110%", into: &clockRate) {
            Quantities.range($0, of: Quantities.rate)
        }
        try table.intervals("step", into: &wallStep)
        for kind in FaultKind.allCases { try take(kind, from: table) }
        try table.end()
    }

    private mutating func take(
        _ kind: FaultKind, from table: ScenarioTable
    ) throws(ScenarioError) {
        guard let part = try table.table(kind.word) else { return }
        var choice = FaultChoice(kind)
        try part.weight("weight", into: &choice.weight)
        try part.intervals("lasting", into: &choice.lasting)
        try part.end()
        choices.append(choice)
    }
}

extension ScenarioTable {
    fileprivate func limit(_ key: String, into limit: inout DownLimit) throws(ScenarioError) {
        try value(key, as: "minority, all or a number", into: &limit) { text in
            switch text {
            case "minority": .minority
            case "all": .all
            default: Int(text).flatMap { $0 >= 0 ? .count($0) : nil }
            }
        }
    }
}

extension FaultKind {
    /// Its name in scenario files: `oneWay` is `one-way`.
    var word: String {
        // `pause` is how long it takes until the next fault.
        if self == .pause { return "pause-node" }
        var word = ""
        for letter in "\(self)" {
            if letter.isUppercase { word.append("-") }
            word.append(contentsOf: letter.lowercased())
        }
        return word
    }
}
