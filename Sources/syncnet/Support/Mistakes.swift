/// Several errors for the person at the keyboard, each a line that says what is wrong.
struct Mistakes: Error, CustomStringConvertible {
    var problems: [String]
    var description: String { problems.joined(separator: "; also: ") }
}
