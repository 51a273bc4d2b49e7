/// Why a configuration is refused: one line for each problem, each saying what to change.
package struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The problems, at least one.
    package var problems: [String]

    /// Makes an error of at least one problem.
    package init(_ problems: [String]) { self.problems = problems }

    /// One line for each problem.
    package var description: String { problems.joined(separator: "\n") }
}
