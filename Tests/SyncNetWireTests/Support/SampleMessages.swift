import StateMachine
import SyncNetProtocol

/// Draws messages that servers send to each other.
extension Generator {
    mutating func peerMessage() -> Message {
        Message(stamp: stamp(), body: peerBody(kind: below(Self.peerKinds)))
    }

    static var peerKinds: UInt64 { 12 }

    mutating func peerBody(kind: UInt64) -> Body {
        switch kind {
        case 0: .heartbeat(heartbeat())
        case 1:
            .heartbeatAnswer(
                HeartbeatAnswer(
                    heartbeat: heartbeat(), echoedBoot: boot(), echoedRound: epoch(),
                    echo: instant()))
        case 2:
            .token(
                Token(
                    round: epoch(), candidate: candidate(), serial: serial(),
                    passed: UInt32(truncatingIfNeeded: next())))
        case 3:
            .elected(
                Elected(
                    round: epoch(), candidate: candidate(), serial: serial(),
                    voters: list(upTo: 7) { $0.memberDisk() }, refusedRound: epoch(),
                    isDirect: flip()))
        case 4:
            .tokenTaken(TokenTaken(lap: pick(Lap.allCases), origin: node(), serial: serial()))
        case 5: .leaderLives(epoch(), leader: node())
        case 6: .roundOver(epoch())
        case 7: .introduction(introduction())
        case 8: .append(append())
        case 9:
            .appendAnswer(
                AppendAnswer(
                    epoch: epoch(), disk: disk(), result: appendResult(), echo: instant()))
        case 10: .relay(counter(), relayedRequest())
        default: .relayAnswer(counter(), relayedAnswer())
        }
    }

    mutating func heartbeat() -> Heartbeat {
        Heartbeat(
            boot: boot(), sequence: counter(), disk: disk(), cluster: flip() ? cluster() : nil,
            round: epoch(), isLeading: flip(), commit: index(), sentAt: instant(),
            wantsAnswer: flip(), isRecovering: flip())
    }

    private mutating func candidate() -> CandidateID {
        CandidateID(epoch: epoch(), index: index(), node: node())
    }

    private mutating func serial() -> TokenSerial {
        TokenSerial(boot: boot(), number: counter())
    }

    private mutating func introduction() -> Introduction {
        Introduction(
            boot: boot(), disk: disk(), members: list(upTo: 5) { $0.text() }, isNew: flip(),
            formation: flip() ? formation() : nil, round: epoch(), last: index(),
            wantsAnswer: flip(), nonce: flip() ? next() : nil)
    }

    private mutating func append() -> Append {
        Append(
            epoch: epoch(), leader: node(), cluster: cluster(), previousIndex: index(),
            previousEpoch: epoch(), entries: list(upTo: 6) { $0.entry() }, commit: index(),
            sentAt: instant(), isFromLeader: flip())
    }

    private mutating func appendResult() -> AppendResult {
        switch below(3) {
        case 0: .matches(index())
        case 1: .tryFrom(index())
        default: .refused(epoch())
        }
    }

    private mutating func relayedRequest() -> RelayedRequest {
        switch below(5) {
        case 0: .command(command(), stamp: stamp())
        case 1: .readIndex
        case 2: .membership(.add(node()))
        case 3: .membership(.remove(node()))
        default: .admission(memberDisk())
        }
    }

    private mutating func relayedAnswer() -> RelayedAnswer {
        switch below(4) {
        case 0: .appended(index(), epoch())
        case 1: .unchanged(index())
        case 2: .readIndex(index())
        default: .refused(pick(NackReason.allCases))
        }
    }
}

/// Draws what clients and servers say to each other.
extension Generator {
    mutating func request() -> Message {
        let session = flip() ? name() : nil
        let number = session == nil ? (flip() ? counter() : nil) : max(1, counter())
        let request = ClientRequest(
            sender: text(), createdAt: flip() ? finiteDouble() : nil, session: session,
            request: number, body: requestBody())
        return Message(stamp: stamp(), body: .request(request))
    }

    private mutating func requestBody() -> ClientRequestBody {
        switch below(11) {
        case 6: .login(password: text())
        case 7: .operatorLogin(token: text())
        case 8: .setAccount(name: text(), password: text(), isOperator: flip())
        case 9: .removeAccount(name: text())
        case 10: .listAccounts(after: text())
        case 0: .createJoin(room: text(), after: flip() ? index() : nil, isPrivate: flip())
        case 4: .invite(room: text(), guest: text())
        case 1: .chat(room: text(), text: text())
        case 2: .leave(room: text())
        case 3:
            .history(
                HistoryRequest(
                    room: text(), after: flip() ? index() : nil, before: flip() ? index() : nil,
                    limit: flip() ? counter() : nil, isLinearizable: flip(), seen: index(),
                    wantsMembers: flip()))
        default: .discovery(status: flip())
        }
    }

    mutating func reply() -> Message {
        let number = flip() ? counter() : nil
        let reply: ClientReply
        switch below(6) {
        case 5:
            let list = (0..<below(3)).map { _ in AccountEntry(name: text(), isOperator: flip()) }
            reply = .accounts(request: number, list, hasMore: flip())
        case 0: reply = .done(request: number, room: text(), index: index())
        case 1: reply = .history(request: number, page())
        case 2: reply = .nack(request: number, pick(NackReason.allCases), detail: text())
        case 3:
            reply = .servers(
                request: number, servers(), flip() ? status() : nil,
                cluster: flip() ? ClusterID(counter()) : nil)
        default:
            let message = roomMessage()
            return Message(stamp: message.stamp, body: .reply(.pushed(message)))
        }
        return Message(stamp: stamp(), body: .reply(reply))
    }

    private mutating func page() -> HistoryPage {
        HistoryPage(
            room: text(), messages: list(upTo: 4) { $0.roomMessage() }, hasMore: flip(),
            members: flip() ? list(upTo: 4) { $0.text() } : nil, isPrivate: flip())
    }

    private mutating func servers() -> [ServerAddress] {
        list(upTo: 4) {
            ServerAddress(
                id: $0.text(), host: $0.text(), port: UInt16(truncatingIfNeeded: $0.next()),
                isLeader: $0.flip())
        }
    }

    private mutating func status() -> ServerStatus {
        ServerStatus(
            id: text(), role: pick(ServerRole.allCases), epoch: epoch(), commit: index(),
            applied: index(), last: index(), leader: flip() ? text() : nil,
            peers: list(upTo: 4) {
                PeerStatus(
                    id: $0.text(), isAlive: $0.flip(),
                    silence: $0.flip() ? .milliseconds($0.below(1 << 40)) : nil,
                    commit: $0.index())
            })
    }
}
