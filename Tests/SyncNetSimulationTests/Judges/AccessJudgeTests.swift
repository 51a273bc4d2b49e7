import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of access` {
    private let node = NodeID(0)
    private let stream = StreamID(9)
    private var judge = AccessJudge(servers: 1, policy: .optional, pageMost: 2)
    private var moment: UInt64 = 0

    /// Ada's account has the password "sesame" from index 5 on.
    init() {
        judge.accepted(stream, by: node)
        set("sesame#1", at: 5)
    }

    private mutating func set(_ verifier: Text?, at index: UInt64, isOperator: Bool = false) {
        let account = verifier.map {
            Account(name: "ada", verifier: $0, isOperator: isOperator)
        }
        set(account, at: index)
    }

    private mutating func set(_ account: Account?, at index: UInt64) {
        moment += 1
        let action = account.map { Action.setAccount($0) } ?? .removeAccount("ada")
        let command = Command(sender: "root", request: nil, createdAt: 7, action: action)
        let entry = Entry(
            index: LogIndex(index), epoch: Epoch(1), stamp: Stamp(index),
            payload: .command(command))
        judge.applied(entry, .done(entry.index))
        judge.applied(entry, by: node, moment: moment)
    }

    private mutating func ask(_ body: ClientRequestBody, number: UInt64, applied: UInt64) {
        moment += 1
        let request = ClientRequest(
            sender: "ada", createdAt: 1, session: nil, request: number, body: body)
        judge.asked(request, on: stream, of: node, applied: applied, moment: moment)
    }

    private mutating func answer(
        _ reply: ClientReply, to number: UInt64, applied: UInt64
    ) -> Property? {
        moment += 1
        let breach = judge.answered(
            number, reply, on: stream, by: node, applied: applied...applied, moment: moment)
        return breach?.property
    }

    private mutating func logIn(
        _ password: Text, from asked: UInt64, to done: UInt64
    ) -> Property? {
        ask(.login(password: password), number: 1, applied: asked)
        return answer(.servers(request: 1, [], nil), to: 1, applied: done)
    }

    private let page = ClientReply.history(
        request: 2, HistoryPage(room: "den", messages: [], hasMore: false, members: nil))

    private func done(_ number: UInt64) -> ClientReply {
        .done(request: number, room: "den", index: LogIndex(6))
    }

    @Test mutating func `sees that somebody who is logged in is told to log in`() {
        let required = ClientReply.nack(request: 2, .loginRequired, detail: "who are you")
        ask(.leave(room: "den"), number: 2, applied: 5)
        #expect(answer(required, to: 2, applied: 5) == nil)
        #expect(logIn("sesame", from: 5, to: 5) == nil)
        ask(.leave(room: "den"), number: 2, applied: 5)
        #expect(answer(required, to: 2, applied: 5) == .access)
        #expect(judge.loginEnded(on: stream, by: node, name: "ada")?.property == .access)
        set("open#2", at: 6)
        #expect(judge.loginEnded(on: stream, by: node, name: "ada") == nil)
    }

    @Test mutating func `sees a page for a stranger, once the account is known`() {
        ask(.history(HistoryRequest(room: "den")), number: 2, applied: 4)
        #expect(answer(page, to: 2, applied: 4) == nil, "the server does not know of it")
        ask(.history(HistoryRequest(room: "den")), number: 2, applied: 5)
        #expect(answer(page, to: 2, applied: 6) == .access)
    }

    @Test mutating func `lets be done what was asked before a login ended, and shown nothing`() {
        #expect(logIn("sesame", from: 5, to: 5) == nil)
        ask(.history(HistoryRequest(room: "den")), number: 2, applied: 5)
        ask(.leave(room: "den"), number: 3, applied: 5)
        ask(.history(HistoryRequest(room: "den")), number: 5, applied: 5)
        #expect(answer(page, to: 2, applied: 5) == nil)
        set("open#2", at: 6)
        #expect(answer(done(3), to: 3, applied: 6) == nil)
        #expect(answer(page, to: 5, applied: 6) == .access)
        ask(.history(HistoryRequest(room: "den")), number: 4, applied: 6)
        #expect(answer(page, to: 4, applied: 6) == .access)
    }

    @Test mutating func `sees a login with a wrong or a former password`() {
        #expect(logIn("simsalabim", from: 5, to: 5) == .access)
        set("open#2", at: 6)
        #expect(logIn("sesame", from: 5, to: 6) == .access)
        #expect(logIn("open", from: 5, to: 6) == nil)
    }

    @Test mutating func `sees the right password refused, unless it was not all the time`() {
        let refusal = ClientReply.nack(request: 1, .badLogin, detail: "no")
        ask(.login(password: "sesame"), number: 1, applied: 5)
        #expect(answer(refusal, to: 1, applied: 7) == .access)
        ask(.login(password: "sesame"), number: 1, applied: 4)
        #expect(answer(refusal, to: 1, applied: 5) == nil)
        set("sesame#2", at: 8)
        ask(.login(password: "sesame"), number: 1, applied: 7)
        #expect(answer(refusal, to: 1, applied: 8) == nil)
    }

    @Test mutating func `sees what is shown when nobody is logged in any more`() {
        func shown() -> Property? {
            judge.shows(to: "ada", on: stream, by: node, 5...6, moment: moment)?.property
        }
        #expect(shown() == .access)
        #expect(logIn("sesame", from: 5, to: 5) == nil)
        #expect(shown() == nil)
        set(nil, at: 6)
        #expect(shown() == nil, "whose name is free")
        set("open#3", at: 7)
        moment += 1
        #expect(
            judge.shows(to: "ada", on: stream, by: node, 7...7, moment: moment)?.property
                == .access)
    }

    @Test mutating func `goes by the accounts before the event that let somebody in`() {
        ask(.login(password: "sesame"), number: 1, applied: 5)
        set("open#2", at: 6)
        let welcome = ClientReply.servers(request: 1, [], nil)
        let breach = judge.answered(
            1, welcome, on: stream, by: node, applied: 5...6, moment: moment)
        #expect(breach == nil, "the same event applied the new password")
        ask(.history(HistoryRequest(room: "den")), number: 2, applied: 6)
        #expect(answer(page, to: 2, applied: 6) == .access, "and so ended the login")
    }

    @Test mutating func `sees that an owner is made an operator by nobody who is one`() {
        #expect(logIn("sesame", from: 5, to: 5) == nil)
        ask(.setAccount(name: "ada", password: "open", isOperator: false), number: 2, applied: 5)
        #expect(answer(done(2), to: 2, applied: 5) == nil)
        ask(.setAccount(name: "ada", password: "open", isOperator: true), number: 3, applied: 5)
        set("open#2", at: 6, isOperator: true)
        #expect(answer(done(3), to: 3, applied: 6) == .access)
    }

    @Test mutating func `sees that an operator by password stays one no longer than the account`() {
        set("sesame#2", at: 6, isOperator: true)
        #expect(logIn("sesame", from: 6, to: 6) == nil)
        ask(.removeAccount(name: "bob"), number: 2, applied: 6)
        #expect(answer(done(2), to: 2, applied: 6) == nil)
        ask(.removeAccount(name: "bob"), number: 3, applied: 6)
        set("sesame#3", at: 7)
        #expect(answer(done(3), to: 3, applied: 7) == nil, "it was asked before")
        ask(.removeAccount(name: "bob"), number: 4, applied: 7)
        #expect(answer(done(4), to: 4, applied: 7) == .access)
        #expect(logIn("sesame", from: 7, to: 7) == nil)
        ask(.removeAccount(name: "bob"), number: 5, applied: 7)
        #expect(answer(done(5), to: 5, applied: 7) == .access)
    }

    @Test mutating func `sees a list of accounts that is not what the server has applied`() {
        ask(.operatorLogin(token: WorldlyHash.token), number: 1, applied: 5)
        #expect(answer(.servers(request: 1, [], nil), to: 1, applied: 5) == nil)
        for (place, name) in (["bob", "cy", "dan"] as [Text]).enumerated() {
            let account = Account(name: name, verifier: "v", isOperator: name == "cy")
            set(account, at: 6 + UInt64(place))
        }
        func list(_ names: Text..., hasMore: Bool) -> ClientReply {
            let entries = names.map { AccountEntry(name: $0, isOperator: $0 == "cy") }
            return .accounts(request: 2, entries, hasMore: hasMore)
        }
        func told(_ reply: ClientReply, after name: Text, applied: UInt64 = 8) -> Property? {
            var judge = self
            judge.ask(.listAccounts(after: name), number: 2, applied: applied)
            return judge.answer(reply, to: 2, applied: applied)
        }
        #expect(told(list("ada", "bob", hasMore: true), after: "") == nil)
        #expect(told(list("cy", "dan", hasMore: false), after: "bob") == nil)
        #expect(told(list("cy", "dan", hasMore: false), after: "boy") == nil)
        #expect(told(list(hasMore: false), after: "dan") == nil)
        #expect(told(list("ada", hasMore: false), after: "", applied: 5) == nil)
        #expect(told(list("ada", "bob", hasMore: false), after: "") == .access, "there are more")
        #expect(told(list("ada", "cy", hasMore: true), after: "") == .access, "one is left out")
        #expect(told(list("ada", hasMore: true), after: "") == .access, "too few at once")
        #expect(told(list("bob", "cy", hasMore: true), after: "bob") == .access, "again")
        let wrong = [AccountEntry(name: "dan", isOperator: true)]
        #expect(told(.accounts(request: 2, wrong, hasMore: false), after: "cy") == .access)
    }

    @Test mutating func `sees what only an operator may do`() {
        ask(.removeAccount(name: "ada"), number: 2, applied: 5)
        #expect(answer(done(2), to: 2, applied: 6) == .access)
        ask(.operatorLogin(token: WorldlyHash.token), number: 1, applied: 5)
        #expect(answer(.servers(request: 1, [], nil), to: 1, applied: 5) == nil)
        ask(.removeAccount(name: "ada"), number: 2, applied: 5)
        #expect(answer(done(2), to: 2, applied: 6) == nil)
    }
}
