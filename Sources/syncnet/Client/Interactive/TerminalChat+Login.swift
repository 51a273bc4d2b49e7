import SyncNetClient
import SyncNetProtocol
import SyncNetTerminal

/// How a person stands with their account.
struct LoginState {
    /// Whether the servers take the password no more.
    private(set) var isLockedOut = false
    /// What is being tried, as it is told when it went well; nil where nothing is.
    private(set) var attempt: String?
    /// What was said, was refused for want of a login, and is said again after one.
    var heldBack: [UInt64] = []

    /// Another password is tried, or none.
    mutating func began(with password: String) {
        attempt = password.isEmpty ? "goes on without an account" : "logged in"
    }

    /// The servers take it.
    mutating func succeeded() { (attempt, isLockedOut) = (nil, false) }

    /// The servers take no password that is known here.
    mutating func failed() { (attempt, isLockedOut) = (nil, true) }
}

// Logging in while the client runs. What was said meanwhile is kept.
extension TerminalChat {
    func askPassword() { askSecret("password of \(Terminal.harmless(name)): ") }

    /// Takes what was typed for a password.
    func take(_ secret: String?) {
        // Whoever has lost their account may need none.
        guard let secret, !secret.isEmpty || login.isLockedOut else {
            return remark("no password was typed: nothing has changed")
        }
        login.began(with: secret)
        Task { await logIn(secret) }
    }

    private func logIn(_ password: String) async {
        do throws(ChatError) {
            try await client.logIn(password: password)
        } catch .cancelled {
            // Another password was given meanwhile: what becomes of that counts.
            return
        } catch .replaced {
            seat.password = password.isEmpty ? nil : password
            return
        } catch {
            login.failed()
            complain(
                "\(error.description); /login tries again, with an empty password for none")
            return refresh()
        }
        seat.password = password.isEmpty ? nil : password
        let waiting = login.heldBack.sorted()
        login.heldBack = []
        for number in waiting {
            guard let said = board.deliveries.first(where: { $0.number == number }) else {
                continue
            }
            let delivery = client.post(said.text, in: said.room)
            Task { await follow(delivery, number) }
        }
        refresh()
        // Without a login one got into no room.
        if board.rooms.isEmpty, hasResumed { await resume() }
    }

    /// The servers take the password no more.
    func lockedOut() {
        // Whoever has just typed one is told so anyway.
        guard login.attempt == nil else { return }
        login.failed()
        complain(
            "logged out: the account of \(name) was made, changed or removed; /login asks for the "
                + "password, and what you say until then waits")
        refresh()
    }

    /// What was refused for want of a login is kept for after one: it was surely not applied.
    func holdBack(_ number: UInt64) {
        login.heldBack.append(number)
        guard login.heldBack.count == 1 else { return }
        complain("\(told()): what you said waits")
    }

    /// What a server refused, with what helps here.
    func told(_ error: ChatError) -> String {
        if case .refused(.loginRequired, _) = error { return told() }
        return error.description
    }

    /// What helps who has to log in.
    func told() -> String { "log in to the account \(name) first, with /login" }
}
