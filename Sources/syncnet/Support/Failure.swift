/// An error for the person at the keyboard: one line that says what is wrong and what to do.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
