import StateMachine
import SyncNetProtocol

/// Draws what machines are told and what they ask for, one case at a time.
extension Generator {
    mutating func reading() -> ClockReading {
        ClockReading(
            monotonic: Instant(nanoseconds: next() >> below(64)),
            wall: WallTime(microseconds: Int64(bitPattern: next())))
    }

    private mutating func stream() -> StreamID { StreamID(counter()) }
    private mutating func ticket() -> Ticket { Ticket(counter()) }
    private mutating func maybe<Value>(_ draw: (inout Generator) -> Value) -> Value? {
        flip() ? draw(&self) : nil
    }

    mutating func anyMessage() -> Message {
        switch below(4) {
        case 0: recordedRequest(kind: below(Self.requestKinds))
        case 1: recordedReply(kind: below(Self.replyKinds))
        default: peerMessage()
        }
    }

    static var requestKinds: UInt64 { 14 }

    mutating func recordedRequest(kind: UInt64) -> Message {
        let request = ClientRequest(
            sender: text(), createdAt: maybe { $0.finiteDouble() }, session: maybe { $0.text() },
            request: maybe { $0.next() }, body: recordedBody(kind: kind))
        return Message(stamp: Stamp(next()), body: .request(request))
    }

    private mutating func recordedBody(kind: UInt64) -> ClientRequestBody {
        switch kind {
        case 0: .createJoin(room: text(), after: maybe { $0.index() }, isPrivate: flip())
        case 1: .invite(room: text(), guest: text())
        case 2: .chat(room: text(), text: text())
        case 3: .leave(room: text())
        case 4: .history(historyRequest())
        case 5: .discovery(status: flip())
        case 6: .login(password: text())
        case 7: .operatorLogin(token: text())
        case 8: .setAccount(name: text(), password: text(), isOperator: flip())
        case 9: .removeAccount(name: text())
        case 10: .listAccounts(after: text())
        case 11: .membership(add: flip(), id: text())
        case 12: .statusLine
        default: .invalid(pick(NackReason.allCases), detail: text(), closes: flip())
        }
    }

    private mutating func historyRequest() -> HistoryRequest {
        HistoryRequest(
            room: text(), after: maybe { $0.index() }, before: maybe { $0.index() },
            limit: maybe { $0.next() }, isLinearizable: flip(), seen: index(),
            wantsMembers: flip(), search: maybe { $0.text() })
    }

    static var replyKinds: UInt64 { 7 }

    mutating func recordedReply(kind: UInt64) -> Message {
        if kind == 6 { return Message(stamp: stamp(), body: .reply(.statusLine(text()))) }
        while true {
            let message = reply()
            guard case .reply(let reply) = message.body else { continue }
            let found: UInt64 =
                switch reply {
                case .done: 0
                case .history: 1
                case .nack: 2
                case .servers: 3
                case .accounts: 4
                case .pushed: 5
                case .statusLine: 6
                }
            if found == kind { return message }
        }
    }

    static var eventKinds: UInt64 { 14 }

    mutating func event(kind: UInt64) -> Event<SyncNet> {
        switch kind {
        case 0: .started(flip() ? .server(recovered()) : .client)
        case 1: .input(input(kind: below(Self.inputKinds)))
        case 2: .datagram(anyMessage(), from: node())
        case 3: .opened(stream(), to: node())
        case 4: .accepted(stream(), from: node())
        case 5: .openFailed(node(), pick([.refused, .unreachable]))
        case 6: .message(anyMessage(), on: stream())
        case 7: .congested(stream())
        case 8: .drained(stream())
        case 9: .closed(stream())
        case 10: .timer(timer(kind: below(Self.timerKinds)))
        case 11: .written(ticket())
        case 12: .fetched(answer(kind: below(Self.answerKinds)), ticket())
        default: .journalFailed(pick([.full, .broken, .damaged]))
        }
    }

    static var timerKinds: UInt64 { 11 }

    mutating func timer(kind: UInt64) -> TimerName {
        switch kind {
        case 0: .heartbeat
        case 1: .detector
        case 2: .discovery
        case 3: .tokenRetry
        case 4: .hop(pick(Lap.allCases))
        case 5: .probe(node())
        case 6: .reconnect(node())
        case 7: .sweep
        case 8: .confirm
        case 9: .reconnectClient
        default: .answer
        }
    }

    static var inputKinds: UInt64 { 12 }

    mutating func input(kind: UInt64) -> ClientInput {
        switch kind {
        case 0: .servers(list(upTo: 5) { $0.node() })
        case 1:
            .join(
                order: counter(), room: text(), after: maybe { $0.index() }, isPrivate: flip())
        case 2: .invite(order: counter(), room: text(), guest: text())
        case 3: .leave(order: counter(), room: text())
        case 4: .say(order: counter(), room: text(), text: text())
        case 5: .history(order: counter(), historyRequest())
        case 6: .discover(order: counter(), status: flip())
        case 7: .passwordDone(job: counter(), verifier: maybe { $0.text() })
        case 8: .change(order: counter(), add: flip(), id: text())
        case 9: .quit
        case 10: .passwordTurnedAway(job: counter())
        default: .logIn(password: text())
        }
    }

    static var answerKinds: UInt64 { 4 }

    mutating func answer(kind: UInt64) -> JournalAnswer {
        switch kind {
        case 0: .entries(list(upTo: 5) { $0.entry() })
        case 1: .messages(list(upTo: 5) { $0.roomMessage() }, more: flip())
        case 2: .indexing
        default: .unsearchable
        }
    }
}
