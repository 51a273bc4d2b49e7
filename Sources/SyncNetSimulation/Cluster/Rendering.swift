package import StateMachine
public import SyncNetProtocol

// What happens, in words short enough for one line of a trace.
extension SyncNetSystem {
    /// A message in a few words.
    package func describe(_ message: Message) -> String { message.words }

    /// An event other than the arrival of a message.
    package func describe(_ event: Event<SyncNet>) -> String { event.words }

    /// A fact in a few words.
    package func describe(_ mark: Mark) -> String? { mark.words }
}

extension Message {
    /// What is said, in a few words.
    package var words: String { "\(body.words) @\(stamp.number)" }
}

extension Event where Words == SyncNet {
    /// What happened, in a few words.
    package var words: String {
        switch self {
        case .started(.client): "started"
        case .started(.server(let found)):
            "started: boot \(found.boot.number), round \(found.ballot.round.number), log to "
                + "\(found.last.number), applied \(found.applied.number)"
        case .input(let input): input.words
        case .datagram(let message, let from): "<- \(from.name) \(message.words)"
        case .message(let message, let stream): "<- #\(stream.number) \(message.words)"
        case .opened(let stream, let to): "opened #\(stream.number) to \(to.name)"
        case .accepted(let stream, let from): "accepted #\(stream.number) from \(from.name)"
        case .openFailed(let to, let why): "could not connect to \(to.name): \(why)"
        case .congested(let stream): "#\(stream.number) is congested"
        case .drained(let stream): "#\(stream.number) has room again"
        case .closed(let stream): "closed #\(stream.number)"
        case .timer(let timer): "timer \(timer)"
        case .written(let ticket): "durable: ticket \(ticket.number)"
        case .fetched(let answer, let ticket): "read: ticket \(ticket.number), \(answer.words)"
        case .journalFailed(let failure): "journal failed: \(failure)"
        }
    }
}

extension Mark {
    /// The fact in a few words.
    package var words: String {
        switch self {
        case .formed(let cluster): "the cluster \(cluster.number) is formed"
        case .recovering: "recovers from an empty disk"
        case .admitted: "is a full member"
        case .caughtUp: "holds what the cluster has, and is no member"
        case .retired: "was removed, and ends"
        case .suspected(let peer): "takes \(peer.name) for dead"
        case .trusted(let peer): "hears \(peer.name) again"
        case .searching(let round): "looks for a leader, round \(round.number)"
        case .tokenSent(let lap, let round): "sends a \(lap)-lap token, round \(round.number)"
        case .tokenForwarded(let lap, let origin): "forwards \(origin.name)'s \(lap)-lap token"
        case .tokenSwallowed(let origin): "swallows \(origin.name)'s token"
        case .tokenKept(let origin): "keeps \(origin.name)'s token, a leader lives"
        case .tokenHome(let lap, let passed): "\(lap)-lap token is home, passed \(passed)"
        case .neighbourPassedOver(let peer): "passes \(peer.name) over"
        case .voteIssued(let round, let candidate):
            "votes for \(candidate.name) in round \(round.number)"
        case .voteRefused(let round, let candidate):
            "refuses \(candidate.name) its vote in round \(round.number)"
        case .becameLeader(let epoch): "LEADS epoch \(epoch.number)"
        case .steppedDown(let epoch, let why): "STEPS DOWN from epoch \(epoch.number): \(why)"
        case .following(let leader, let epoch):
            "follows \(leader.name) in epoch \(epoch.number)"
        case .committed(let index): "committed to \(index.number)"
        case .applied(let entry, let outcome): "applied \(entry.words)\(outcome.words)"
        case .cut(let from): "cuts its log from \(from.number)"
        case .conflict(let index): "conflict at \(index.number)"
        case .acknowledged(let index): "acknowledges \(index.number)"
        case .readAnswered(let index): "answers a read as of \(index.number)"
        case .retryMet: "a retry met its first copy"
        case .refused(let reason): "refused: \(reason.word)"
        case .sessionEvicted: "forgets a session"
        case .dropped(let why): "drops a message: \(why)"
        case .sometimes(let what): "sometimes: \(what.words)"
        }
    }
}

extension SyncNetSystem {
    /// Whether a fact belongs in a story of a few lines.
    package func isMemorable(_ mark: Mark) -> Bool {
        switch mark {
        case .recovering, .admitted, .voteIssued, .voteRefused, .becameLeader, .steppedDown,
            .cut, .acknowledged, .readAnswered:
            true
        default: false
        }
    }
}

extension Entry {
    var words: String {
        switch payload {
        case .epochStarted(let leader):
            "\(index.number): \(leader.name) begins epoch \(epoch.number)"
        case .diskAdmitted(let node, _): "\(index.number): \(node.name) is admitted"
        case .memberRemoved(let node, _): "\(index.number): \(node.name) is removed"
        case .command(let command): "\(index.number): \(command.words)"
        }
    }
}

extension Outcome? {
    fileprivate var words: String {
        switch self {
        case nil, .done?: ""
        case .refused(let reason, _)?: ", refused: \(reason.word)"
        }
    }
}

extension Body {
    var words: String {
        switch self {
        case .heartbeat(let beat): (beat.wantsAnswer ? "probe " : "heartbeat ") + beat.words
        case .heartbeatAnswer(let answer): "answer " + answer.heartbeat.words
        case .token(let token):
            "token of \(token.candidate.words) for round \(token.round.number), passed "
                + "\(token.passed)"
        case .elected(let elected):
            "elected \(elected.candidate.words) in round \(elected.round.number), voters "
                + elected.voters.map(\.node.name).joined(separator: " ")
        case .tokenTaken(let taken): "took \(taken.lap) token of \(taken.origin.name)"
        case .leaderLives(let epoch, let leader):
            "\(leader.name) lives, leads epoch \(epoch.number)"
        case .roundOver(let round): "round is over, highest is \(round.number)"
        case .introduction(let introduction): introduction.words
        case .append(let append): append.words
        case .appendAnswer(let answer): "epoch \(answer.epoch.number): \(answer.result.words)"
        case .relay(let number, let request): "relay \(number): \(request.words)"
        case .relayAnswer(let number, let answer): "relay \(number): \(answer.words)"
        case .request(let request): request.words
        case .reply(let reply): reply.words
        }
    }
}

extension Heartbeat {
    fileprivate var words: String {
        "\(boot.number).\(sequence) \(isLeading ? "leads" : "round") \(round.number), commit "
            + "\(commit.number)\(isRecovering == true ? ", recovering" : "")"
    }
}

extension CandidateID {
    fileprivate var words: String { "\(node.name)(\(epoch.number).\(index.number))" }
}

extension Introduction {
    fileprivate var words: String {
        "introduction\(isNew ? ", new" : ""), round \(round.number), log to \(last.number)"
            + (wantsAnswer ? "?" : "")
    }
}

extension Append {
    fileprivate var words: String {
        let range =
            if let first = entries.first, let last = entries.last {
                "append \(first.index.number)...\(last.index.number)"
            } else {
                "append nothing"
            }
        return "\(range) after \(previousEpoch.number).\(previousIndex.number), epoch "
            + "\(epoch.number), commit \(commit.number)\(isFromLeader ? "" : ", fed")"
    }
}

extension AppendResult {
    fileprivate var words: String {
        switch self {
        case .matches(let index): "matches to \(index.number)"
        case .tryFrom(let index): "try from \(index.number)"
        case .refused(let round): "refused, round \(round.number)"
        }
    }
}

extension RelayedRequest {
    fileprivate var words: String {
        switch self {
        case .command(let command, _): command.words
        case .readIndex: "index to read at?"
        case .admission(let disk): "admit disk \(disk.disk.number) of \(disk.node.name)"
        case .membership(.add(let node)): "make \(node.name) a member"
        case .membership(.remove(let node)): "remove \(node.name)"
        }
    }
}

extension RelayedAnswer {
    fileprivate var words: String {
        switch self {
        case .appended(let index, let epoch): "at \(index.number) in epoch \(epoch.number)"
        case .unchanged(let index): "unchanged as of \(index.number)"
        case .readIndex(let index): "read at \(index.number)"
        case .refused(let reason): "refused, \(reason.word)"
        }
    }
}

extension Command {
    fileprivate var words: String {
        let number = request.map { "\($0.session.string)#\($0.number)" } ?? sender.shown
        switch action {
        case .join(let room): return "\(number) joins \(room.shown)"
        case .leave(let room): return "\(number) leaves \(room.shown)"
        case .chat(let room, let text):
            return "\(number) says \(text.short) in \(room.shown)"
        case .setAccount(let account): return "\(number) sets account \(account.name.shown)"
        case .removeAccount(let name): return "\(number) removes account \(name.shown)"
        case .makePrivate(let room): return "\(number) joins private \(room.shown)"
        case .invite(let room, let guest):
            return "\(number) invites \(guest.shown) to \(room.shown)"
        }
    }
}

extension ClientRequest {
    fileprivate var words: String {
        let number = request.map { "request \(session.map(\.string) ?? "-")#\($0): " } ?? ""
        switch body {
        case .createJoin(let room, let after, let isPrivate):
            let sort = isPrivate ? "private " : ""
            return number + "join \(sort)\(room.shown)\(after.map { " after \($0.number)" } ?? "")"
        case .chat(let room, let text):
            return number + "say \(text.short) in \(room.shown)"
        case .leave(let room): return number + "leave \(room.shown)"
        case .invite(let room, let guest):
            return number + "invite \(guest.shown) to \(room.shown)"
        case .history(let history): return number + history.words
        case .discovery(let status): return number + (status ? "status" : "servers")
        case .login, .operatorLogin: return number + "log in"
        case .setAccount(let name, _, _): return number + "set account \(name.shown)"
        case .removeAccount(let name): return number + "remove account \(name.shown)"
        case .listAccounts: return number + "list accounts"
        case .membership(let add, let id):
            return number + (add ? "add " : "remove ") + id.shown
        case .statusLine: return number + "status line"
        case .invalid(let reason, _, _): return number + "invalid, \(reason.word)"
        }
    }
}

extension HistoryRequest {
    fileprivate var words: String {
        let after = self.after.map { " after \($0.number)" } ?? ""
        let before = self.before.map { " before \($0.number)" } ?? ""
        let search = search.map { " for \($0.short)" } ?? ""
        return "read \(room.shown)\(search)\(after)\(before), seen \(seen.number)"
            + (isLinearizable ? ", linearizable" : "")
    }
}

extension ClientReply {
    fileprivate var words: String {
        switch self {
        case .done(let request, _, let index):
            "done \(request.map { "#\($0) " } ?? "")at \(index.number)"
        case .history(_, let page): page.words
        case .nack(let request, let reason, _):
            "nack \(request.map { "#\($0) " } ?? "")\(reason.word)"
        case .servers(_, let servers, _, _): "\(servers.count) servers"
        case .accounts(_, let accounts, _): "\(accounts.count) accounts"
        case .pushed(let message):
            "pushed \(message.index.number) of \(message.room.shown) after "
                + "\(message.previous.number)"
        case .statusLine(let line): "status: \(line.shown)"
        }
    }
}

extension HistoryPage {
    fileprivate var words: String {
        let range = messages.first.map { first in
            "\(first.index.number)...\(messages.last?.index.number ?? 0)"
        }
        return "page of \(room.shown): \(messages.count) \(range ?? "")\(hasMore ? ", more" : "")"
    }
}

extension ClientInput {
    fileprivate var words: String {
        switch self {
        case .servers(let servers): "asked to use " + servers.map(\.name).joined(separator: " ")
        case .join(let order, let room, let after, let isPrivate):
            "order \(order): join \(isPrivate ? "private " : "")\(room.shown)"
                + "\(after.map { " after \($0.number)" } ?? "")"
        case .invite(let order, let room, let guest):
            "order \(order): invite \(guest.shown) to \(room.shown)"
        case .leave(let order, let room): "order \(order): leave \(room.shown)"
        case .say(let order, let room, let text):
            "order \(order): say \(text.short) in \(room.shown)"
        case .history(let order, let history): "order \(order): \(history.words)"
        case .discover(let order, _): "order \(order): servers"
        case .passwordDone(let job, let verifier):
            "password \(job) \(verifier == nil ? "is wrong" : "is worked out")"
        case .passwordTurnedAway(let job): "password \(job) is not looked at"
        case .change(let order, let add, let id):
            "order \(order): \(add ? "add" : "remove") \(id.shown)"
        case .quit: "asked to quit"
        case .logIn: "asked to log in"
        }
    }
}

extension TimerName: CustomStringConvertible {
    /// Its name in words.
    public var description: String {
        switch self {
        case .heartbeat: "heartbeat"
        case .detector: "detector"
        case .discovery: "discovery"
        case .tokenRetry: "token again"
        case .hop(let lap): "hop of \(lap) lap"
        case .probe(let peer): "probe \(peer.name)"
        case .reconnect(let peer): "reconnect to \(peer.name)"
        case .sweep: "sweep"
        case .confirm: "confirm"
        case .reconnectClient: "reconnect"
        case .answer: "no answer"
        }
    }
}

extension JournalAnswer {
    fileprivate var words: String {
        switch self {
        case .entries(let entries): "\(entries.count) entries"
        case .messages(let messages, let more):
            "\(messages.count) messages\(more ? ", more" : "")"
        case .indexing: "indexing"
        case .unsearchable: "unsearchable"
        }
    }
}

extension Text {
    /// On one line, whatever is in it: what moves the cursor or turns the line is told by its
    /// number.
    var shown: String {
        string.unicodeScalars.reduce(into: "") { line, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned,
                .privateUse, .surrogate:
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
    }

    /// Its first letters.
    fileprivate var short: String {
        Text(utf8: Array(String(string.unicodeScalars.prefix(24)).utf8)).shown
    }
}
