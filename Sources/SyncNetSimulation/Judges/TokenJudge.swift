import StateMachine
import SyncNetProtocol

/// The exact count of Chang and Roberts: where nothing goes wrong, a token of the first lap
/// takes exactly as many steps as it is to the next larger identifier, the largest goes all
/// the way round, and the second lap adds one step for each server.
///
/// Judged on the tokens that were really started, so that no interleaving matters.
struct TokenJudge {
    /// One token of one lap, and how often it went on.
    private struct Path {
        var candidate: CandidateID
        var serial: TokenSerial
        var round: Epoch
        var steps = 0
    }

    private let servers: Int
    private var first: [Path] = []
    private var second: [Path] = []
    private var leader: (node: NodeID, epoch: Epoch)?
    /// Whether a token met something that ends or shortens its way: then no count is exact.
    private(set) var isDisturbed = false

    init(servers: Int) { self.servers = servers }

    /// A server sends something, in an event that is not the repetition of a hop.
    mutating func sent(_ body: Body) {
        guard !isDisturbed else { return }
        switch body {
        case .token(let token): step(\.first, token.candidate, token.serial, token.round)
        case .elected(let elected):
            isDisturbed = isDisturbed || elected.isDirect
            step(\.second, elected.candidate, elected.serial, elected.round)
        default: break
        }
    }

    private mutating func step(
        _ lap: WritableKeyPath<Self, [Path]>, _ candidate: CandidateID, _ serial: TokenSerial,
        _ round: Epoch
    ) {
        let node = candidate.node
        let paths = self[keyPath: lap]
        let known = paths.firstIndex { $0.candidate.node == node && $0.serial == serial }
        if let known {
            self[keyPath: lap][known].steps += 1
            return
        }
        // A token that is sent again may be cut short by what came of the first one.
        if paths.contains(where: { $0.candidate.node == node && $0.round == round }) {
            isDisturbed = true
        }
        let path = Path(candidate: candidate, serial: serial, round: round, steps: 1)
        self[keyPath: lap].append(path)
    }

    mutating func noted(_ mark: Mark, by node: NodeID) {
        switch mark {
        case .neighbourPassedOver, .tokenKept, .sometimes(.tokenNotTaken), .suspected,
            .steppedDown, .sometimes(.candidacyFailed):
            isDisturbed = true
        case .becameLeader(let epoch):
            if leader != nil { isDisturbed = true }
            leader = (node, epoch)
        default: break
        }
    }

    /// Whether there is something to count.
    var isExact: Bool { !isDisturbed && leader != nil && servers > 1 }

    /// At the end of a run in which nothing went wrong.
    func verdict() -> Breach? {
        guard isExact, let leader else { return nil }
        let ring = identifiers(in: leader.epoch)
        for path in first where path.round == leader.epoch {
            let distance = TokenCount.distance(from: Int(path.candidate.node.rank), in: ring)
            if path.steps == distance { continue }
            let detail =
                "a token of \(path.candidate.node.name) took \(path.steps) steps, it is "
                + "\(distance) to the next larger identifier"
            return Breach(.exactCount, detail)
        }
        return secondLap(leader.node, leader.epoch)
    }

    private func secondLap(_ leader: NodeID, _ epoch: Epoch) -> Breach? {
        let laps = second.filter { $0.round == epoch }
        let isComplete = laps.contains { $0.candidate.node == leader && $0.steps == servers }
        if isComplete, laps.allSatisfy({ $0.steps <= servers }) { return nil }
        let counts = laps.map { "\($0.steps)" }.joined(separator: " and ")
        return Breach(.exactCount, "the second lap took \(counts) steps, \(servers) make it")
    }

    /// The identifiers of a round by rank: of those that sent no token, that of an empty log.
    private func identifiers(in round: Epoch) -> [CandidateID] {
        (0..<UInt32(servers)).map { rank in
            let own = first.first { $0.candidate.node == NodeID(rank) && $0.round == round }
            return own?.candidate
                ?? CandidateID(epoch: .zero, index: .zero, node: NodeID(rank))
        }
    }
}
