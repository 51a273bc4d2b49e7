/// An error for the person at the keyboard: one line that says what is wrong and what to do.
struct Failure: Error, CustomStringConvertible {
    var description: String
    /// Whether a password was refused: with another one, or without, it may be different.
    var isBadLogin = false

    init(_ description: String) { self.description = description }
}
