import StateMachine
import SyncNetProtocol

/// Judges whom a server serves, by the accounts that it has applied.
///
/// Law: on a connection is done only what whoever logged in there may do at some moment between
/// question and answer, and nothing is shown there any more once the account has changed, whenever
/// it was asked for; nobody logs in with another password than the one that the account has;
/// whoever has had the right one all the time is let in, and stays so until the account changes.
struct AccessJudge {
    private enum Need: Equatable {
        case nothing
        case use(Text)
        case operation
        case account(Text, isOperator: Bool)
    }

    private struct Ask {
        var number: UInt64?
        var need: Need
        /// The password, where it is a login.
        var password: Text?
        /// Whether it shows an operator's token.
        var isToken: Bool
        /// After whom, where it asks for the accounts.
        var after: Text?
        /// What the server had applied, and which event it was.
        var applied: UInt64
        var moment: UInt64
    }

    private struct Connection {
        var stream: StreamID
        var name: Text?
        /// In which event that login was answered.
        var since: UInt64 = 0
        var isOperator = false
        /// Until which event somebody was an operator who is not now; zero for never.
        var wasOperatorUntil: UInt64 = 0
        /// Who was logged in before, and until which event.
        var former: [(name: Text, until: UInt64)] = []
        var asks: [Ask] = []

        mutating func setOperator(_ isOperator: Bool, moment: UInt64) {
            if self.isOperator, !isOperator { wasOperatorUntil = moment }
            self.isOperator = isOperator
        }

        /// Whether it was an operator's at any moment since then.
        func isOperator(since moment: UInt64) -> Bool {
            isOperator || wasOperatorUntil > 0 && wasOperatorUntil >= moment
        }
    }

    /// From an index on an account is this one; nil: there is none.
    private struct Version {
        var index: UInt64
        var account: Account?
    }

    let policy: AccountPolicy
    /// How many accounts are shown at once, at most.
    private let pageMost: Int
    /// By the names' digests.
    private var accounts: [UInt64: [Version]] = [:]
    private var connections: [[Connection]]

    init(servers: Int, policy: AccountPolicy, pageMost: Int) {
        self.policy = policy
        self.pageMost = pageMost
        connections = Array(repeating: [], count: servers)
    }

    var isIdle: Bool { policy == .off }

    mutating func forget(_ server: NodeID) { connections[Int(server.rank)].removeAll() }

    mutating func accepted(_ stream: StreamID, by server: NodeID) {
        guard !isIdle else { return }
        connections[Int(server.rank)].append(Connection(stream: stream))
    }

    mutating func closed(_ stream: StreamID, by server: NodeID) {
        guard !isIdle else { return }
        connections[Int(server.rank)].removeAll { $0.stream == stream }
    }

    /// The log says something of an account.
    mutating func applied(_ entry: Entry, _ outcome: Outcome?) {
        guard !isIdle, let change = entry.account, outcome == .done(entry.index) else { return }
        accounts[Digest.of(change.name), default: []].append(
            Version(index: entry.index.number, account: change.account))
    }

    /// A server has applied that: logins to the account end there.
    mutating func applied(_ entry: Entry, by server: NodeID, moment: UInt64) {
        guard !isIdle, let change = entry.account else { return }
        let slot = Int(server.rank)
        for place in connections[slot].indices where connections[slot][place].name == change.name {
            connections[slot][place].former.append((change.name, moment))
            connections[slot][place].name = nil
            connections[slot][place].setOperator(false, moment: moment)
        }
    }

    /// A client asks for something.
    mutating func asked(
        _ request: ClientRequest, on stream: StreamID, of server: NodeID, applied: UInt64,
        moment: UInt64
    ) {
        guard !isIdle, let place = place(of: stream, at: server) else { return }
        let (slot, need) = (Int(server.rank), Self.need(of: request))
        var ask = Ask(
            number: request.request, need: need, password: nil, isToken: false, applied: applied,
            moment: moment)
        if case .login(let password) = request.body { ask.password = password }
        if case .listAccounts(let name) = request.body { ask.after = name }
        if case .operatorLogin(WorldlyHash.token) = request.body { ask.isToken = true }
        guard need != .nothing || ask.isToken else { return }
        connections[slot][place].asks.append(ask)
    }

    private static func need(of request: ClientRequest) -> Need {
        switch request.body {
        case .statusLine, .invalid, .discovery, .operatorLogin: .nothing
        case .login, .createJoin, .invite, .leave, .chat, .history: .use(request.sender)
        case .membership, .removeAccount, .listAccounts: .operation
        case .setAccount(let name, _, let isOperator): .account(name, isOperator: isOperator)
        }
    }

    private func place(of stream: StreamID, at server: NodeID) -> Int? {
        connections[Int(server.rank)].firstIndex { $0.stream == stream }
    }
}

// What a server answers.
extension AccessJudge {
    /// A server answers the request of that number, in an event that took what it has applied from
    /// one index to another.
    mutating func answered(
        _ number: UInt64, _ reply: ClientReply, on stream: StreamID, by server: NodeID,
        applied reach: ClosedRange<UInt64>, moment: UInt64
    ) -> Breach? {
        guard !isIdle, let place = place(of: stream, at: server) else { return nil }
        let slot = Int(server.rank)
        let found = connections[slot][place].asks.firstIndex { $0.number == number }
        guard let found else { return nil }
        let ask = connections[slot][place].asks.remove(at: found)
        // Of several copies nobody sees which one is answered.
        for copy in connections[slot][place].asks.indices
        where connections[slot][place].asks[copy].number == number {
            connections[slot][place].asks[copy].applied = ask.applied
            connections[slot][place].asks[copy].moment = ask.moment
        }
        let (before, applied) = (reach.lowerBound, reach.upperBound)
        switch reply {
        case .servers:
            if ask.isToken { connections[slot][place].setOperator(true, moment: moment) }
            guard let password = ask.password, case .use(let name) = ask.need else { return nil }
            // What was asked for before may be answered later.
            if let former = connections[slot][place].name {
                connections[slot][place].former.append((former, moment))
            }
            // Passwords are looked at before anything is applied, and what is applied in the same
            // event may change the account: that ended the login at once.
            let isOver = versions(of: name, in: reach).count > 1
            if isOver { connections[slot][place].former.append((name, moment)) }
            connections[slot][place].name = isOver ? nil : name
            connections[slot][place].since = moment
            // Who logs in is an operator by the account alone, whatever was shown before.
            let account = versions(of: name, in: before...before).last ?? nil
            connections[slot][place].setOperator(account?.isOperator ?? false, moment: moment)
            if isOver { connections[slot][place].setOperator(false, moment: moment) }
            return letIn(name, password, by: server, before)
        case .nack(_, .badLogin, _):
            guard let password = ask.password, case .use(let name) = ask.need else { return nil }
            return keptOut(name, password, by: server, ask.applied...max(ask.applied, applied))
        case .history:
            // Nothing is shown any more, whenever it was asked for.
            var now = ask
            (now.applied, now.moment) = (before, moment)
            guard !may(now, connections[slot][place], reach) else { return nil }
            return Breach(
                .access, "\(server.name) showed a stranger what request \(number) asked for")
        case .done, .accounts:
            let connection = connections[slot][place]
            var last = max(ask.applied, applied)
            // What an account was made does not allow it to be made that.
            if case .account = ask.need, case .done(_, _, let index) = reply {
                last = min(last, index.number - 1)
            }
            guard !may(ask, connection, ask.applied...max(ask.applied, last)) else {
                return listed(reply, after: ask.after, by: server, reach)
            }
            return Breach(
                .access, "\(server.name) did for a stranger what request \(number) asked for")
        case .nack(_, .loginRequired, _):
            let connection = connections[slot][place]
            guard case .use(let name) = ask.need, connection.name == name,
                connection.since < ask.moment
            else { return nil }
            return Breach(
                .access, "\(server.name) wants \(name.string) to log in, who is logged in")
        case .nack, .pushed, .statusLine: return nil
        }
    }

    /// A server says, unasked, that somebody has to log in.
    func loginEnded(on stream: StreamID, by server: NodeID, name: Text) -> Breach? {
        guard !isIdle, let place = place(of: stream, at: server),
            connections[Int(server.rank)][place].name == name
        else { return nil }
        return Breach(
            .access, "\(server.name) ended the login of \(name.string), whose account is the same")
    }

    /// A server shows something to whoever goes by that name; it has applied between these.
    func shows(
        to name: Text, on stream: StreamID, by server: NodeID, _ applied: ClosedRange<UInt64>,
        moment: UInt64
    ) -> Breach? {
        guard !isIdle, let place = place(of: stream, at: server) else { return nil }
        let connection = connections[Int(server.rank)][place]
        guard !isUser(name, connection, since: moment),
            !(policy == .optional && isFree(name, in: applied))
        else { return nil }
        let detail =
            "\(server.name) showed a message on a connection on which nobody is logged in as "
            + "\(name.string)"
        return Breach(.access, detail)
    }

    private func letIn(
        _ name: Text, _ password: Text, by server: NodeID, _ applied: UInt64
    ) -> Breach? {
        let newest = versions(of: name, in: applied...applied).last ?? nil
        if let verifier = newest?.verifier, WorldlyHash.fits(password, verifier) { return nil }
        let detail = "\(server.name) let somebody log in as \(name.string) with a wrong password"
        return Breach(.access, detail)
    }

    private func keptOut(
        _ name: Text, _ password: Text, by server: NodeID, _ applied: ClosedRange<UInt64>
    ) -> Breach? {
        let versions = versions(of: name, in: applied)
        // A password that is set anew, though it is the same, ends what was begun.
        guard versions.count == 1, let verifier = versions[0]?.verifier,
            WorldlyHash.fits(password, verifier)
        else { return nil }
        let detail = "\(server.name) did not let \(name.string) log in, with the right password"
        return Breach(.access, detail)
    }

    private func may(
        _ ask: Ask, _ connection: Connection, _ applied: ClosedRange<UInt64>
    ) -> Bool {
        switch ask.need {
        case .nothing: true
        case .use(let name):
            isUser(name, connection, since: ask.moment)
                || policy == .optional && isFree(name, in: applied)
        case .operation: connection.isOperator(since: ask.moment)
        // Owners set their password, and make themselves neither operators nor others.
        case .account(let name, let isOperator):
            connection.isOperator(since: ask.moment)
                || isUser(name, connection, since: ask.moment)
                    && versions(of: name, in: applied).contains { $0?.isOperator == isOperator }
        }
    }

    private func isUser(_ name: Text, _ connection: Connection, since moment: UInt64) -> Bool {
        connection.name == name
            || connection.former.contains { $0.name == name && $0.until >= moment }
    }

    private func isFree(_ name: Text, in applied: ClosedRange<UInt64>) -> Bool {
        versions(of: name, in: applied).contains { $0 == nil }
    }

    /// A list of accounts is that of what the server has applied, and its end is told.
    private func listed(
        _ reply: ClientReply, after name: Text?, by server: NodeID, _ applied: ClosedRange<UInt64>
    ) -> Breach? {
        guard case .accounts(_, let entries, let hasMore) = reply, let name else { return nil }
        for index in [applied.upperBound, applied.lowerBound] {
            let there = accounts.values
                .compactMap { versions in versions.last { $0.index <= index }?.account }
                .filter { $0.name > name }
                .sorted { $0.name < $1.name }
                .map { AccountEntry(name: $0.name, isOperator: $0.isOperator) }
            if entries == Array(there.prefix(pageMost)), hasMore == (there.count > pageMost) {
                return nil
            }
        }
        return Breach(
            .access, "\(server.name) listed accounts that are not those which it has applied")
    }

    /// What an account was while these were the last indexes applied; at least one.
    private func versions(of name: Text, in applied: ClosedRange<UInt64>) -> [Account?] {
        let all = accounts[Digest.of(name)] ?? []
        let first = all.last { $0.index <= applied.lowerBound }?.account
        return [first]
            + all.filter { $0.index > applied.lowerBound && $0.index <= applied.upperBound }
            .map(\.account)
    }
}

extension Entry {
    /// What it says of an account.
    fileprivate var account: (name: Text, account: Account?)? {
        guard case .command(let command) = payload else { return nil }
        return switch command.action {
        case .setAccount(let account): (account.name, account)
        case .removeAccount(let name): (name, nil)
        default: nil
        }
    }
}
