package import StateMachine

// Who may use a name. Passwords are looked at by the world, which answers with an event: that
// takes long, on purpose.
extension Server {
    /// Why a request is not taken on a connection; nil where it is.
    package func refusal(of request: ClientRequest, on stream: StreamID) -> NackReason? {
        let login = clients[stream]?.login ?? Login()
        switch request.body {
        case .statusLine, .invalid, .discovery, .login, .operatorLogin: return nil
        case .setAccount(let name, _, let isOperator):
            return maySet(name, isOperator: isOperator, on: stream) ? nil : .notAllowed
        case .membership:
            // Simulated servers have no directory with a token in it.
            return login.isOperator || configuration.operatorToken == nil ? nil : .notAllowed
        case .removeAccount, .listAccounts: return login.isOperator ? nil : .notAllowed
        case .createJoin, .invite, .leave, .chat, .history:
            return mayUse(request.sender, login) ? nil : .loginRequired
        }
    }

    private func maySet(_ name: Text, isOperator: Bool, on stream: StreamID) -> Bool {
        let login = clients[stream]?.login ?? Login()
        let staysSo =
            accounts[name]?.isOperator == isOperator || bugs.contains(.p43OwnerBecomesOperator)
        return login.isOperator || login.name == name && staysSo
    }

    /// Whether somebody may not be shown what they asked for under a name, since the account has
    /// changed meanwhile; they are told so.
    mutating func isReaderGone(
        _ name: Text, _ request: UInt64?, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard !mayUse(name, clients[stream]?.login ?? Login()),
            !bugs.contains(.p41ReadsOutliveLogin)
        else { return false }
        note(.readTooLate, into: &effects)
        nack(
            .loginRequired, NackReason.loginRequired.detail, request, on: stream, into: &effects)
        return true
    }

    func mayUse(_ name: Text, _ login: Login) -> Bool {
        switch configuration.accounts {
        case .off: true
        case _ where login.name != nil && bugs.contains(.p39LoginForAnyName): true
        case .optional: login.name == name || accounts[name] == nil
        case .required: login.name == name
        }
    }

    /// Somebody says who they are.
    package mutating func takeLogin(
        _ password: Text, _ request: ClientRequest, _ stamp: Stamp, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        guard clients[stream]?.login.isChecking == false else {
            let detail: Text = "a password is being looked at: wait for the answer"
            nack(.overloaded, detail, request.request, on: stream, into: &effects)
            return
        }
        let verifier = accounts[request.sender]?.verifier
        let isBegun = begin(
            .check(verifier), password, .login(verifier: verifier), request, stamp, on: stream,
            into: &effects)
        if isBegun { clients[stream]?.login.isChecking = true }
    }

    /// An operator, or the owner, sets a password.
    package mutating func takeAccount(
        _ name: Text, _ password: Text, isOperator: Bool, _ request: ClientRequest,
        _ stamp: Stamp, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        guard accounts[name] != nil || accounts.list.count < limits.accounts else {
            nack(
                .tooLarge, "there are as many accounts as there may be", request.request,
                on: stream, into: &effects)
            return
        }
        begin(
            .make, password, .account(name: name, isOperator: isOperator), request, stamp,
            on: stream, into: &effects)
    }

    /// Has a password worked out. Returns whether that has begun.
    @discardableResult
    private mutating func begin(
        _ task: PasswordJob.Task, _ password: Text, _ purpose: PendingPassword.Purpose,
        _ request: ClientRequest, _ stamp: Stamp, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) -> Bool {
        guard case .member = phase, recovery == nil else {
            nack(
                .unavailable, NackReason.unavailable.detail, request.request, on: stream,
                into: &effects)
            return false
        }
        guard !password.isEmpty, password.utf8.count <= limits.passwordBytes else {
            let detail = Text("a password has 1 to \(limits.passwordBytes) bytes")
            nack(.tooLarge, detail, request.request, on: stream, into: &effects)
            return false
        }
        guard passwordJobs.count < limits.passwordJobs else {
            nack(
                .overloaded, "too many passwords wait to be looked at", request.request,
                on: stream, into: &effects)
            return false
        }
        lastPasswordJob += 1
        var kept = request
        kept.body = .discovery(status: false)
        passwordJobs.append(
            PendingPassword(
                id: lastPasswordJob, stream: stream, request: kept, stamp: stamp,
                purpose: purpose))
        let job = PasswordJob(
            id: lastPasswordJob, stream: stream, password: password, task: task)
        effects.append(.output(.passwordJob(job)))
        return true
    }

    /// The world has worked a password out: to the verifier that it made, or that it fits.
    package mutating func passwordDone(
        _ id: UInt64, _ verifier: Text?, into effects: inout Effects<SyncNet>
    ) {
        guard let at = passwordJobs.firstIndex(where: { $0.id == id }) else { return }
        let pending = passwordJobs.remove(at: at)
        guard clients.contains(pending.stream), case .member = phase else { return }
        switch pending.purpose {
        case .login(let known):
            clients[pending.stream]?.login.isChecking = false
            // The password may have been changed meanwhile.
            let account = accounts[pending.request.sender]
            let isCurrent =
                account?.verifier == known || bugs.contains(.p37FormerPasswordTaken)
            guard let verifier, verifier == known, let account, isCurrent else {
                loginFailed(pending.request, on: pending.stream, into: &effects)
                return
            }
            clients[pending.stream]?.login.name = account.name
            clients[pending.stream]?.login.isOperator = account.isOperator
            endFormerSubscriptions(on: pending.stream)
            loggedIn(pending.request, on: pending.stream, into: &effects)
        case .account(let name, let isOperator):
            guard let verifier else {
                nack(
                    .unavailable, "the password could not be worked out",
                    pending.request.request, on: pending.stream, into: &effects)
                return
            }
            guard maySet(name, isOperator: isOperator, on: pending.stream) else {
                nack(
                    .notAllowed, NackReason.notAllowed.detail, pending.request.request,
                    on: pending.stream, into: &effects)
                return
            }
            let account = Account(name: name, verifier: verifier, isOperator: isOperator)
            take(
                .setAccount(account), pending.request, pending.stamp, on: pending.stream,
                into: &effects)
        }
    }

    /// Somebody else uses the connection from now on: what its former user read is not shown.
    private mutating func endFormerSubscriptions(on stream: StreamID) {
        guard let connection = clients[stream] else { return }
        for subscription in connection.subscriptions
        where !mayUse(subscription.reader, connection.login) {
            unsubscribe(from: subscription.room, on: stream)
        }
    }

    /// The world does not work a password out: as many of its origin wait as may.
    package mutating func passwordTurnedAway(_ id: UInt64, into effects: inout Effects<SyncNet>) {
        guard let at = passwordJobs.firstIndex(where: { $0.id == id }) else { return }
        let pending = passwordJobs.remove(at: at)
        guard clients.contains(pending.stream) else { return }
        if case .login = pending.purpose { clients[pending.stream]?.login.isChecking = false }
        note(.passwordTurnedAway, into: &effects)
        nack(
            .overloaded, "too many passwords of your address wait to be looked at",
            pending.request.request, on: pending.stream, into: &effects)
    }

    /// Somebody shows the token that lies beside this server's data.
    package mutating func takeOperatorLogin(
        _ token: Text, _ request: ClientRequest, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        guard let own = configuration.operatorToken, own.isEqualInConstantTime(to: token) else {
            loginFailed(request, on: stream, into: &effects)
            return
        }
        clients[stream]?.login.isOperator = true
        loggedIn(request, on: stream, into: &effects)
    }

    private mutating func loggedIn(
        _ request: ClientRequest, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        note(.loggedIn, into: &effects)
        reply(servers(request: request.request), on: stream, into: &effects)
    }

    private mutating func loginFailed(
        _ request: ClientRequest, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        note(.loginRefused, into: &effects)
        clients[stream]?.login.failures += 1
        nack(.badLogin, NackReason.badLogin.detail, request.request, on: stream, into: &effects)
        guard let failures = clients[stream]?.login.failures, failures >= limits.loginTries else {
            return
        }
        effects.append(.close(stream))
    }

    package mutating func listAccounts(
        after name: Text, _ request: UInt64?, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        let (page, hasMore) = accounts.page(after: name, limit: limits.pageMax, bugs: bugs)
        let entries = page.map { AccountEntry(name: $0.name, isOperator: $0.isOperator) }
        reply(.accounts(request: request, entries, hasMore: hasMore), on: stream, into: &effects)
    }
}

// What the log says of accounts.
extension Server {
    package mutating func setAccount(
        _ account: Account, at index: LogIndex, into effects: inout Effects<SyncNet>
    ) -> Outcome {
        accounts.set(account)
        delta.accounts.append(AccountChange(name: account.name, account: account))
        endLogins(of: account.name, into: &effects)
        return .done(index)
    }

    package mutating func removeAccount(
        _ name: Text, at index: LogIndex, into effects: inout Effects<SyncNet>
    ) -> Outcome {
        guard accounts.remove(name) else { return .refused(.noSuchAccount, index) }
        delta.accounts.append(AccountChange(name: name, account: nil))
        endLogins(of: name, into: &effects)
        return .done(index)
    }

    /// An account has changed: whoever was logged in by it, or used its name unasked, is told
    /// to log in, and shown nothing more until then.
    private mutating func endLogins(of name: Text, into effects: inout Effects<SyncNet>) {
        if bugs.contains(.p36LoginOutlivesChange) { return }
        for stream in clients.streams {
            guard let connection = clients[stream] else { continue }
            let isLoggedIn = connection.login.name == name
            let rooms = connection.subscriptions.filter { $0.reader == name }.map(\.room)
            guard isLoggedIn || !rooms.isEmpty && configuration.accounts != .off else { continue }
            if isLoggedIn {
                // What was guessed on the connection still counts.
                clients[stream]?.login.name = nil
                clients[stream]?.login.isOperator =
                    connection.login.isOperator && bugs.contains(.p44OperatorOutlivesChange)
            }
            for room in rooms { unsubscribe(from: room, on: stream) }
            nack(
                .loginRequired, "the account was made, changed or removed", nil, on: stream,
                into: &effects)
        }
    }
}

extension Text {
    /// Takes as long wherever the first difference is.
    fileprivate func isEqualInConstantTime(to other: Text) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var difference: UInt8 = 0
        for (own, theirs) in zip(utf8, other.utf8) { difference |= own ^ theirs }
        return difference == 0
    }
}
