package import StateMachine
package import SyncNetProtocol

/// Hides secrets from a record: passwords, what tells right ones from wrong ones, and tokens.
///
/// A machine looks at a secret's length, and whether two are the same, and at nothing else. So
/// each is replaced by a pseudonym of its length, the same for the same secret, and the machine
/// does with pseudonyms what it did with secrets.
package struct Veil {
    /// The pseudonym of a secret: as many bytes, all of them ASCII.
    package let hide: (Text) -> Text

    /// Makes a veil; whoever knows a pseudonym must not learn the secret from it.
    package init(_ hide: @escaping (Text) -> Text) { self.hide = hide }

    /// The event with pseudonyms.
    package func hidingSecrets(in event: Event<SyncNet>) -> Event<SyncNet> {
        switch event {
        case .started(.server(let recovered)):
            var recovered = recovered
            recovered.tail = hidingSecrets(in: recovered.tail)
            recovered.accounts = recovered.accounts.map(hidingSecret)
            return .started(.server(recovered))
        case .input(.passwordDone(let job, let verifier?)):
            return .input(.passwordDone(job: job, verifier: hide(verifier)))
        case .input(.logIn(let password)): return .input(.logIn(password: hide(password)))
        case .datagram(let message, let from) where message.hasSecret:
            return .datagram(hidingSecrets(in: message), from: from)
        case .message(let message, let stream) where message.hasSecret:
            return .message(hidingSecrets(in: message), on: stream)
        case .fetched(.entries(let entries), let ticket):
            return .fetched(.entries(hidingSecrets(in: entries)), ticket)
        default: return event
        }
    }

    /// The effect with pseudonyms.
    package func hidingSecrets(in effect: Effect<SyncNet>) -> Effect<SyncNet> {
        switch effect {
        case .datagram(let message, let to) where message.hasSecret:
            return .datagram(hidingSecrets(in: message), to: to)
        case .publish(let message) where message.hasSecret:
            return .publish(hidingSecrets(in: message))
        case .send(let message, let stream) where message.hasSecret:
            return .send(hidingSecrets(in: message), on: stream)
        case .write(.append(let entries), let ticket) where entries.contains(where: \.hasSecret):
            return .write(.append(hidingSecrets(in: entries)), ticket)
        case .write(.apply(let delta), let ticket) where !delta.accounts.isEmpty:
            var delta = delta
            for place in delta.accounts.indices {
                let account = delta.accounts[place].account
                delta.accounts[place].account = account.map(hidingSecret)
            }
            return .write(.apply(delta), ticket)
        case .output(.passwordJob(let job)):
            return .output(.passwordJob(hidingSecrets(in: job)))
        case .note(.applied(let entry, let outcome)) where entry.hasSecret:
            return .note(.applied(hidingSecret(in: entry), outcome))
        default: return effect
        }
    }

    private func hidingSecret(_ account: Account) -> Account {
        Account(
            name: account.name, verifier: hide(account.verifier), isOperator: account.isOperator)
    }

    private func hidingSecrets(in entries: [Entry]) -> [Entry] {
        guard entries.contains(where: \.hasSecret) else { return entries }
        return entries.map(hidingSecret)
    }

    private func hidingSecret(in entry: Entry) -> Entry {
        guard case .command(let command) = entry.payload else { return entry }
        var entry = entry
        entry.payload = .command(hidingSecret(in: command))
        return entry
    }

    private func hidingSecret(in command: Command) -> Command {
        guard case .setAccount(let account) = command.action else { return command }
        var command = command
        command.action = .setAccount(hidingSecret(account))
        return command
    }

    private func hidingSecrets(in message: Message) -> Message {
        var message = message
        switch message.body {
        case .append(var append):
            append.entries = hidingSecrets(in: append.entries)
            message.body = .append(append)
        case .relay(let number, .command(let command, let stamp)):
            message.body = .relay(number, .command(hidingSecret(in: command), stamp: stamp))
        case .request(var request):
            request.body = hidingSecrets(in: request.body)
            message.body = .request(request)
        default: break
        }
        return message
    }

    private func hidingSecrets(in body: ClientRequestBody) -> ClientRequestBody {
        switch body {
        case .login(let password): .login(password: hide(password))
        case .operatorLogin(let token): .operatorLogin(token: hide(token))
        case .setAccount(let name, let password, let isOperator):
            .setAccount(name: name, password: hide(password), isOperator: isOperator)
        default: body
        }
    }

    private func hidingSecrets(in job: PasswordJob) -> PasswordJob {
        var job = job
        job.password = hide(job.password)
        if case .check(let verifier?) = job.task { job.task = .check(hide(verifier)) }
        return job
    }
}

extension Message {
    fileprivate var hasSecret: Bool {
        switch body {
        case .append(let append): append.entries.contains(where: \.hasSecret)
        case .relay(_, .command(let command, _)): command.hasSecret
        case .request(let request):
            switch request.body {
            case .login, .operatorLogin, .setAccount: true
            default: false
            }
        default: false
        }
    }
}

extension Entry {
    fileprivate var hasSecret: Bool {
        guard case .command(let command) = payload else { return false }
        return command.hasSecret
    }
}

extension Command {
    fileprivate var hasSecret: Bool {
        if case .setAccount = action { return true }
        return false
    }
}
