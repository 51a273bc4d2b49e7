import StateMachine

// A client that has a password logs in on every connection before it sends anything else.
extension Client {
    mutating func logIn(now: ClockReading, into effects: inout Effects<SyncNet>) {
        guard var connection = link.connection, let password else { return }
        connection.loginSentAt = now.monotonic
        link = .up(connection)
        send(
            .login(password: password), nil, Limits.loginNumber, now.wall.seconds,
            on: connection.stream, into: &effects)
        watch(into: &effects)
    }

    /// What waited goes out now.
    mutating func loggedIn(into effects: inout Effects<SyncNet>) {
        guard var connection = link.connection, connection.loginSentAt != nil else { return }
        connection.loginSentAt = nil
        link = .up(connection)
        failures = 0
        effects.append(.output(.connected(connection.server)))
    }

    mutating func loginFailed(
        _ reason: NackReason, _ detail: Text, into effects: inout Effects<SyncNet>
    ) {
        guard let connection = link.connection, connection.loginSentAt != nil else { return }
        guard reason == .badLogin || reason == .badRequest || reason == .tooLarge else {
            giveUp(connection, into: &effects)
            return
        }
        loginsRefused += 1
        guard loginsRefused >= Limits.loginsRefusedMax else {
            giveUp(connection, into: &effects)
            return
        }
        effects.append(.output(.loginRefused(detail: detail)))
        lockOut(connection, into: &effects)
    }

    /// Nothing was sent on the connection but the login, so all that waits is whole.
    private mutating func lockOut(
        _ connection: Connection, into effects: inout Effects<SyncNet>
    ) {
        effects.append(.close(connection.stream))
        link = .lockedOut
        isWatching = false
        effects.append(.cancel(.answer))
        effects.append(.cancel(.reconnectClient))
    }

    /// The owner has another password, or, where it is empty, none.
    mutating func logIn(with password: Text, into effects: inout Effects<SyncNet>) {
        self.password = password.isEmpty ? nil : password
        loginsRefused = 0
        failures = 0
        switch link {
        case .lockedOut:
            link = .idle
            connect(into: &effects)
        case .up: reconnect(into: &effects)
        case .idle, .waiting, .opening, .stopped: break
        }
    }

    /// The account was changed: by the old password there is no way back in. Or the name has one
    /// by now, and whoever went by it without a password is shown nothing more.
    mutating func logInAnew(_ detail: Text, into effects: inout Effects<SyncNet>) {
        guard let connection = link.connection, connection.loginSentAt == nil else { return }
        guard password == nil else {
            giveUp(connection, into: &effects)
            return
        }
        effects.append(.close(connection.stream))
        disconnected(into: &effects)
        effects.append(.output(.loginRefused(detail: detail)))
        link = .lockedOut
    }
}
