import ArgumentParser
import SyncNetProtocol

/// Makes, changes, removes and lists accounts.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Make, change, remove and list accounts.",
        discussion: """
            Works beside the data directory of a running server of the cluster: it shows that \
            server the token in DATA-DIR/<server id>/operator.token. Passwords are asked for at \
            the terminal, or read from standard input.
            """,
        subcommands: [
            AddAccountCommand.self, ChangePasswordCommand.self, RemoveAccountCommand.self,
            ListAccountsCommand.self,
        ])
}

/// Makes an account.
struct AddAccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account.")

    @Argument(help: "The name that its owner chats by.")
    var name: String

    @Flag(name: .customLong("operator"), help: "Its owner may change accounts too.")
    var isOperator = false

    @Flag(help: "Read the password from the first line of standard input.")
    var passwordStdin = false

    @OptionGroup var access: OperatorAccess

    func run() async throws {
        guard try await !access.accounts().contains(where: { $0.name.string == name }) else {
            throw Failure("there is an account \(name) already: change it with account passwd")
        }
        try await access.setPassword(
            of: name, isOperator: isOperator, fromInput: passwordStdin)
        Terminal.print("\(name) has an account")
    }
}

/// Changes a password.
struct ChangePasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd", abstract: "Change the password of an account.")

    @Argument(help: "Whose.")
    var name: String

    @Flag(help: "Read the password from the first line of standard input.")
    var passwordStdin = false

    @OptionGroup var access: OperatorAccess

    func run() async throws {
        guard let known = try await access.accounts().first(where: { $0.name.string == name })
        else { throw Failure("there is no account \(name): make it with account add") }
        try await access.setPassword(
            of: name, isOperator: known.isOperator, fromInput: passwordStdin)
        Terminal.print("\(name) has a new password")
    }
}

/// Removes an account.
struct RemoveAccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an account.")

    @Argument(help: "Whose.")
    var name: String

    @OptionGroup var access: OperatorAccess

    func run() async throws {
        _ = try await access.ask(.removeAccount(name: .init(name)))
        Terminal.print("\(name) has no account any more")
    }
}

/// Lists the accounts.
struct ListAccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts, one a line.")

    @OptionGroup var access: OperatorAccess

    func run() async throws {
        for account in try await access.accounts() {
            let name = Terminal.harmless(account.name.string)
            Terminal.print(account.isOperator ? "\(name)  operator" : name)
        }
    }
}
