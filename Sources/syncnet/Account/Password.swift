import Foundation

/// Where passwords come from: never from an argument, which everybody sees.
enum Password {
    /// Asks at the terminal, without showing what is typed. Ctrl-C ends the process.
    static func ask(_ prompt: String) throws -> String {
        try checked(try PasswordPrompt.ask(prompt), "what was typed")
    }

    /// Asks twice.
    static func askForNew(of name: String) throws -> String {
        let first = try ask("new password of \(name): ")
        guard try ask("once more: ") == first else {
            throw Failure("these were two different passwords: nothing was changed")
        }
        return first
    }

    /// The first line of standard input.
    static func readInput() throws -> String {
        try checked(readLine(strippingNewline: true) ?? "", "standard input")
    }

    /// The first line of a file.
    static func read(fromFile path: String) throws -> String {
        // It may be a pipe as well, as of a shell's <(…).
        guard let file = FileHandle(forReadingAtPath: path),
            let text = String(data: (try? file.readToEnd()) ?? Data(), encoding: .utf8)
        else {
            throw Failure("can't read the password in \(path): is it there, and readable?")
        }
        let line = text.split(
            separator: "\n", maxSplits: 1, omittingEmptySubsequences: false
        ).first
        return try checked(line.map(String.init) ?? "", path)
    }

    private static func checked(_ password: String, _ place: String) throws -> String {
        guard !password.isEmpty else { throw Failure("there is no password in \(place)") }
        return password
    }
}
