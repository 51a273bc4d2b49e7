package import DeterministicSimulation
import StateMachine
package import SyncNetProtocol

/// By what recordings name messages and timers. A word must not change: it stands in stories.
extension SyncNetCodec {
    /// The sort of a message.
    package func label(of message: Message) -> StaticString {
        switch message.body {
        case .heartbeat: "heartbeat"
        case .heartbeatAnswer: "heartbeat-answer"
        case .token: "token"
        case .elected: "elected"
        case .tokenTaken: "token-taken"
        case .leaderLives: "leader-lives"
        case .roundOver: "round-over"
        case .introduction: "introduction"
        case .append: "append"
        case .appendAnswer: "append-answer"
        case .relay: "relay"
        case .relayAnswer: "relay-answer"
        case .request(let request): request.body.label
        case .reply(.done): "done"
        case .reply(.pushed): "push"
        case .reply: "reply"
        }
    }

    /// What a timer is for, and the number of the server that it is about.
    package func subject(of timer: TimerName) -> DecisionSubject {
        switch timer {
        case .heartbeat: DecisionSubject("heartbeat")
        case .detector: DecisionSubject("detector")
        case .discovery: DecisionSubject("discovery")
        case .tokenRetry: DecisionSubject("token-again")
        case .hop(.first): DecisionSubject("token-hop")
        case .hop(.second): DecisionSubject("elected-hop")
        case .probe(let peer): DecisionSubject("probe", UInt64(peer.rank) + 1)
        case .reconnect(let peer): DecisionSubject("reconnect-to", UInt64(peer.rank) + 1)
        case .sweep: DecisionSubject("sweep")
        case .confirm: DecisionSubject("confirm")
        case .reconnectClient: DecisionSubject("reconnect")
        case .answer: DecisionSubject("no-answer")
        }
    }
}

extension ClientRequestBody {
    fileprivate var label: StaticString {
        switch self {
        case .createJoin: "join"
        case .invite: "invite"
        case .login, .operatorLogin: "login"
        case .setAccount, .removeAccount, .listAccounts: "account"
        case .chat: "say"
        case .leave: "leave"
        case .history: "read"
        case .discovery, .statusLine: "ask-servers"
        case .membership: "change-members"
        case .invalid: "invalid"
        }
    }
}
