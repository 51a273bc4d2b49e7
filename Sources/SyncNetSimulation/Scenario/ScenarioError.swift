/// What is wrong with a scenario file, in one line that says where and what to do.
package struct ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line.
    package var description: String

    /// Makes an error with the given line.
    package init(_ description: String) { self.description = description }
}
