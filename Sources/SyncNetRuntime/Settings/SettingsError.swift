/// One thing that is wrong with a configuration.
package struct SettingsProblem: Equatable, Sendable {
    /// The part of the configuration that it is about, like `limits` or `servers.server1`.
    package var subject: String
    /// What is wrong, and what to change, in one line.
    package var text: String

    /// Makes a problem.
    package init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }
}

/// Why a configuration is refused: one line for each problem, each saying what to change.
package struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The problems, at least one.
    package var details: [SettingsProblem]

    /// Makes an error of at least one problem.
    package init(_ details: [SettingsProblem]) { self.details = details }

    /// Makes an error of one problem that is about no part of a configuration.
    package init(_ text: String) { details = [SettingsProblem(subject: "", text: text)] }

    /// What is wrong, without what it is about.
    package var problems: [String] { details.map(\.text) }

    /// One line for each problem.
    package var description: String { problems.joined(separator: "\n") }
}
