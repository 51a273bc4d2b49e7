import StateMachine

/// What is done to a cluster, and when: the same for the same seed.
///
/// It comes in rounds. After each of them everything is healed, and the cluster has to be well
/// again before the next one begins.
package struct TorturePlan: Equatable, Sendable {
    /// A torment, when it begins, counted from the begin of its round, and how long it lasts, in
    /// milliseconds. One that lasts 0 ms needs no end.
    package struct Step: Equatable, Sendable {
        /// When it begins.
        package var at: UInt64
        /// How long it lasts.
        package var length: UInt64
        /// What is done.
        package var torment: Torment

        /// When it ends.
        package var end: UInt64 { at + length }
    }

    /// Some torments that overlap.
    package struct Round: Equatable, Sendable {
        /// In the order in which they begin.
        package var steps: [Step]

        /// When the last of them has ended, in milliseconds.
        package var length: UInt64 { steps.map(\.end).max() ?? 0 }
    }

    /// So many torments a round has.
    package static let stepsPerRound: ClosedRange<UInt64> = 1...4
    /// When they may begin, in milliseconds.
    static let beginning: ClosedRange<UInt64> = 0...3_000
    /// How long they may last, in milliseconds: from what nobody notices to what needs elections.
    static let lengths: [ClosedRange<UInt64>] = [50...400, 400...1_500, 1_500...6_000]

    /// How long a disk is full, in milliseconds: a write-ahead log has room of its own, so that a
    /// server needs more only now and then.
    static let filling: ClosedRange<UInt64> = 4_000...6_000

    /// The rounds.
    package let rounds: [Round]

    /// Makes the plan of a seed.
    /// - Parameters:
    ///   - seed: From which all of it is drawn.
    ///   - servers: How many there are, at least 3.
    ///   - kinds: What can be done; not empty. Each is drawn about as often.
    ///   - rounds: How many rounds.
    package init(seed: UInt64, servers: Int, kinds: [TormentKind], rounds: Int) {
        precondition(servers >= 3 && !kinds.isEmpty, "\(servers) servers, \(kinds.count) kinds")
        var draft = Draft(servers: servers, kinds: kinds)
        var dice = Generator(seed: seed)
        self.rounds = (0..<rounds).map { _ in draft.round(&dice) }
    }
}

/// Draws one round after the other.
private struct Draft {
    let servers: Int
    let kinds: [TormentKind]
    /// Kinds that were not drawn since the bag was filled.
    private var bag: [TormentKind] = []

    init(servers: Int, kinds: [TormentKind]) {
        self.servers = servers
        self.kinds = kinds
    }

    mutating func round(_ dice: inout Generator) -> TorturePlan.Round {
        var steps: [TorturePlan.Step] = []
        var afflicted: Set<Int> = []
        var diskless = 0
        for _ in 0..<dice.within(TorturePlan.stepsPerRound) {
            let kind = draw(&dice)
            // A process is afflicted by one thing at a time, and disks fail in a minority only:
            // beyond that nothing is promised.
            let free = (0..<servers).filter { !afflicted.contains($0) }
            let isOfDisk = [.wipe, .removal, .fullDisk].contains(kind)
            if kind.isOfProcess, free.isEmpty || isOfDisk && diskless >= (servers - 1) / 2 {
                continue
            }
            let isOfAll = kind == .blackout || kind == .rolledBack
            if isOfAll, free.count < servers { continue }
            let at = dice.within(TorturePlan.beginning)
            let lengths = kind == .fullDisk ? [TorturePlan.filling] : TorturePlan.lengths
            let length = dice.within(dice.pick(lengths))
            let server = kind.isOfProcess ? dice.pick(free) : Int(dice.below(UInt64(servers)))
            if isOfDisk { diskless += 1 }
            if isOfAll { afflicted = Set(0..<servers) }
            if kind.isOfProcess { afflicted.insert(server) }
            steps += Self.steps(kind, server, at: at, length: length, among: servers, &dice)
        }
        return TorturePlan.Round(steps: steps.sorted { ($0.at, $0.length) < ($1.at, $1.length) })
    }

    private mutating func draw(_ dice: inout Generator) -> TormentKind {
        if bag.isEmpty { bag = kinds }
        return bag.remove(at: Int(dice.below(UInt64(bag.count))))
    }

    private static func steps(
        _ kind: TormentKind, _ server: Int, at: UInt64, length: UInt64, among servers: Int,
        _ dice: inout Generator
    ) -> [TorturePlan.Step] {
        let torment = Torment.drawn(kind, server, among: servers, &dice)
        switch kind {
        case .flapping:
            return (0..<4).map { turn in
                TorturePlan.Step(at: at + turn * length / 4, length: length / 8, torment: torment)
            }
        case .swizzle: return swizzle(at: at, length: length, among: servers, &dice)
        default: return [TorturePlan.Step(at: at, length: length, torment: torment)]
        }
    }

    /// Some servers go, one after the other, and come back in another order.
    private static func swizzle(
        at: UInt64, length: UInt64, among servers: Int, _ dice: inout Generator
    ) -> [TorturePlan.Step] {
        let count = Int(dice.within(2...UInt64(servers)))
        let gap = length / UInt64(2 * count)
        let returning = Torment.shuffled(count, &dice)
        return zip(Torment.shuffled(servers, &dice), returning).enumerated().map { place, pair in
            let begin = at + UInt64(place) * gap
            let end = at + length / 2 + UInt64(pair.1 + 1) * gap
            return TorturePlan.Step(
                at: begin, length: end - begin,
                torment: Torment.drawn(.swizzle, pair.0, among: servers, &dice))
        }
    }
}

extension TormentKind {
    /// Whether it is done to a process or its disk.
    var isOfProcess: Bool {
        switch self {
        case .kill, .restart, .wipe, .removal, .freeze, .fullDisk, .clockStep: true
        default: false
        }
    }
}
