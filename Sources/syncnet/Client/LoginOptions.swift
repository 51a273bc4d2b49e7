import ArgumentParser
import Foundation
import SyncNetProtocol

/// Who a client is, and how it shows that.
struct LoginOptions: ParsableArguments {
    @Option(help: "What others know you by; the name of your account by default.")
    var name: String?

    @Flag(help: "Log in to the account of that name; the password is asked for.")
    var login = false

    @Option(help: "Log in with the password on the first line of this file.")
    var passwordFile: String?

    /// The name as flag, environment or the system have it.
    func chosenName(limits: Limits = Limits()) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let name = name ?? environment["SYNCNET_NAME"] ?? environment["USER"] ?? NSUserName()
        guard !name.isEmpty, name.utf8.count <= limits.nameBytes else {
            throw Failure("the name has to be 1 to \(limits.nameBytes) bytes long: choose --name")
        }
        guard !name.contains(where: \.isNewline) else {
            throw Failure("the name has more than one line: choose --name")
        }
        return name
    }

    /// The password, where one is to be used: read, or asked for.
    func chosenPassword() throws -> String? {
        if let passwordFile { return try Password.read(fromFile: passwordFile) }
        return login ? try Password.ask("password: ") : nil
    }

    /// The account that is logged in to, where one is.
    func account(limits: Limits) throws -> LoginAccount? {
        let name = try chosenName(limits: limits)
        return try chosenPassword().map { LoginAccount(name: name, password: $0) }
    }
}

/// An account, and what opens it.
struct LoginAccount: Sendable {
    var name: String
    var password: String
}
