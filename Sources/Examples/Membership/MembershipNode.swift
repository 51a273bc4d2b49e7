import StateMachine

/// One member and what it believes of the others.
struct MembershipNode: StateMachine {
    typealias Words = Membership

    let me: NodeID
    private let bug: MembershipBug?
    /// What it believes of everybody; of itself, how often it has objected.
    private(set) var opinions = NodeMap<Membership.Opinion>()
    private var others: [NodeID] = []
    private var position = 0
    private var serial: UInt32 = 0
    /// Pinged, and has not answered.
    private var pinged: NodeID?

    init(_ me: NodeID, bug: MembershipBug? = nil) {
        self.me = me
        self.bug = bug
    }

    mutating func handle(
        _ event: Event<Membership>, now: ClockReading, into effects: inout Effects<Membership>
    ) {
        switch event {
        case .started(let members):
            for node in members { opinions[node] = Membership.Opinion() }
            others = members.filter { $0 != me }
            position = Int(me.rank)
            beginPeriod(&effects)
        case .datagram(let message, let sender):
            guard opinions[sender] != nil else { return }
            for (node, opinion) in zip(message.gossip.nodes, message.gossip.values) {
                learn(opinion, of: node, &effects)
            }
            receive(message, &effects)
        case .timer(.period):
            if let pinged { isSilent(pinged, &effects) }
            beginPeriod(&effects)
        case .timer(.answer): askHelpers(&effects)
        case .timer(.objection(let node)): convict(node, &effects)
        default: break
        }
    }

    // MARK: Probes

    /// The dead get their turn too: after a partition, that is how they are found again.
    private mutating func beginPeriod(_ effects: inout Effects<Membership>) {
        position = (position + 1) % others.count
        serial += 1
        let next = others[position]
        if isBuried(next) {
            pinged = nil
        } else {
            pinged = next
            send(.ping, to: next, about: next, &effects)
        }
        effects.append(.arm(.answer, within: .milliseconds(60)...(.milliseconds(60))))
        effects.append(.arm(.period, within: .milliseconds(190)...(.milliseconds(210))))
    }

    private func askHelpers(_ effects: inout Effects<Membership>) {
        guard let pinged, bug != .convictsAtOnce else { return }
        for step in 1...2 {
            let helper = others[(position + step) % others.count]
            guard !isBuried(helper) else { continue }
            send(.request, to: helper, about: pinged, &effects)
        }
    }

    private func isBuried(_ node: NodeID) -> Bool {
        bug == .buriesForGood && opinions[node]?.condition == .dead
    }

    private func send(
        _ kind: Membership.Kind, to node: NodeID, about subject: NodeID,
        _ effects: inout Effects<Membership>
    ) {
        let message = Membership.Message(
            kind: kind, serial: serial, asker: me, subject: subject, gossip: opinions)
        effects.append(.datagram(message, to: node))
    }

    private mutating func receive(
        _ message: Membership.Message, _ effects: inout Effects<Membership>
    ) {
        switch message.kind {
        case .ping: pass(message, as: .answer, to: message.asker, &effects)
        case .request: pass(message, as: .ping, to: message.subject, &effects)
        case .answer:
            if message.asker == me, message.serial == serial { pinged = nil }
        }
    }

    private func pass(
        _ message: Membership.Message, as kind: Membership.Kind, to node: NodeID,
        _ effects: inout Effects<Membership>
    ) {
        var next = message
        next.kind = kind
        next.gossip = opinions
        effects.append(.datagram(next, to: node))
    }

    // MARK: Opinions

    private mutating func isSilent(_ node: NodeID, _ effects: inout Effects<Membership>) {
        guard var opinion = opinions[node], opinion.condition == .alive else { return }
        opinion.condition = .suspect
        if bug == .raisesOthers { opinion.incarnation += 1 }
        take(opinion, of: node, &effects)
        if bug == .convictsAtOnce { convict(node, &effects) }
    }

    private mutating func convict(_ node: NodeID, _ effects: inout Effects<Membership>) {
        guard var opinion = opinions[node], opinion.condition == .suspect else { return }
        opinion.condition = .dead
        take(opinion, of: node, &effects)
        effects.append(.note(.convicted(node)))
    }

    private mutating func learn(
        _ opinion: Membership.Opinion, of node: NodeID, _ effects: inout Effects<Membership>
    ) {
        guard let mine = opinions[node] else { return }
        if node == me {
            // It objects, also to a better incarnation of its own before a restart.
            guard opinion.beats(mine), bug != .keepsSilent else { return }
            opinions[me] = Membership.Opinion(incarnation: opinion.incarnation + 1)
        } else if opinion.beats(mine) {
            take(opinion, of: node, &effects)
        }
    }

    private mutating func take(
        _ opinion: Membership.Opinion, of node: NodeID, _ effects: inout Effects<Membership>
    ) {
        opinions[node] = opinion
        if opinion.condition == .suspect {
            effects.append(.arm(.objection(node), within: .seconds(2)...(.seconds(2))))
        } else {
            effects.append(.cancel(.objection(node)))
        }
    }
}
