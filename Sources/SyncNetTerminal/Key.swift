/// What a person did on the keyboard.
public enum Key: Equatable, Sendable {
    /// One typed scalar.
    case typed(Unicode.Scalar)
    /// What was pasted, at once, where the terminal brackets it.
    case pasted(String)
    /// Ends the line.
    case enter
    /// Asks for completion.
    case tab
    /// Removes what stands before the cursor.
    case backspace
    /// Removes what stands at the cursor.
    case delete
    /// Moves by one character, or through the history.
    case left, right, up, down
    /// Moves to an end of the line.
    case home, end
    /// Moves by a word.
    case wordLeft, wordRight
    /// Cuts the word before the cursor.
    case cutWord
    /// Cuts to an end of the line.
    case cutToEnd, cutToStart
    /// Puts back what was cut last.
    case putBack
    /// Ctrl-C.
    case interrupt
    /// Ctrl-D.
    case endOfInput
    /// Ctrl-L.
    case clearScreen
    /// Ctrl-Z.
    case suspend
}
