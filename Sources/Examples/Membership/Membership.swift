import StateMachine

/// The words of a membership protocol after SWIM (Das, Gupta and Motivala 2002): each node
/// pings one other at a time, asks helpers where no answer comes, suspects, and convicts
/// only a suspect that does not object. All that it believes rides on those messages.
enum Membership: Vocabulary {
    enum Condition: UInt8, Equatable, Sendable { case alive, suspect, dead }

    /// What one node holds of another.
    struct Opinion: Equatable, Sendable {
        var condition = Condition.alive
        /// How often the other has objected. Only it may raise that.
        var incarnation: UInt32 = 0

        /// Worse news of one incarnation beats better news; an objection beats all before.
        func beats(_ other: Opinion) -> Bool {
            (incarnation, condition.rawValue) > (other.incarnation, other.condition.rawValue)
        }
    }

    enum Kind: UInt8, Equatable, Sendable {
        /// To the subject: are you there?
        case ping
        /// To a helper: ping the subject for me.
        case request
        /// From the subject, by way of a helper or not: I am.
        case answer
    }

    struct Message: Equatable, Sendable {
        var kind: Kind
        var serial: UInt32
        var asker: NodeID
        var subject: NodeID
        var gossip: NodeMap<Opinion>
    }

    enum Timer: Equatable, Sendable {
        /// Time for the next ping.
        case period
        /// The pinged node should have answered.
        case answer
        /// The suspect should have objected.
        case objection(NodeID)
    }

    /// A node was convicted, by this node's own judgement.
    enum Mark: Equatable, Sendable { case convicted(NodeID) }

    typealias Write = Never
    typealias Query = Never
    typealias Answer = Never
    /// All members, this node among them.
    typealias Recovery = [NodeID]
    typealias Input = Never
    typealias Output = Never
}

/// Mistakes that people make with it, to see that the checkers find them.
enum MembershipBug: String, CaseIterable, Sendable {
    case convictsAtOnce = "convicts-at-once"
    case keepsSilent = "keeps-silent"
    case buriesForGood = "buries-for-good"
    case raisesOthers = "raises-others"

    var summary: String {
        switch self {
        case .convictsAtOnce: "convicts without asking helpers or waiting for an objection"
        case .keepsSilent: "does not object when it is suspected"
        case .buriesForGood:
            "never pings the dead again, so that two halves that convicted each "
                + "other stay apart"
        case .raisesOthers: "raises a suspect's incarnation, which only the suspect may"
        }
    }
}
