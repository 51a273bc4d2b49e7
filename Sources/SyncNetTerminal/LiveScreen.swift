/// What a terminal shows: lines that went by, and below them a few that live, of which the last
/// one is being typed. Lines that go by never destroy the living ones.
///
/// It draws into a buffer; the world writes that out.
struct LiveScreen: Sendable {
    /// Fewer columns than this are drawn as if there were so many.
    static let columnsMin = 8

    /// Bytes for the terminal.
    private(set) var output = ""
    private(set) var columns: Int
    /// The columns that each living line takes, as drawn.
    private var drawn: [Int] = []
    private var cursorColumn = 0

    init(columns: Int) { self.columns = max(columns, Self.columnsMin) }

    mutating func takeOutput() -> String {
        defer { output = "" }
        return output
    }

    /// Takes the living lines away, wherever a narrower terminal has wrapped them to.
    mutating func erase() {
        guard !drawn.isEmpty else { return }
        let above =
            drawn.dropLast().reduce(0) { $0 + rows(of: $1) }
            + (max(cursorColumn, 1) - 1) / columns
        if above > 0 { output += "\u{1B}[\(above)A" }
        output += "\r\u{1B}[J"
        drawn = []
    }

    private func rows(of width: Int) -> Int { max(1, (width + columns - 1) / columns) }

    /// A line that goes by. The living lines have to be erased.
    mutating func pass(_ line: String) { output += line + "\r\n" }

    /// What tells the terminal how to behave.
    mutating func pass(bytes: String) { output += bytes }

    /// Clears the terminal.
    mutating func clear() {
        output += "\u{1B}[H\u{1B}[2J"
        drawn = []
    }

    mutating func resize(to columns: Int) { self.columns = max(columns, Self.columnsMin) }

    /// Draws the living lines: `lines`, then what is typed behind its prompt.
    mutating func draw(_ lines: [String], prompt: String, editor: LineEditor) {
        drawn = []
        for line in lines {
            let fitted = DisplayWidth.fitted(line, into: columns - 1)
            drawn.append(DisplayWidth.of(fitted))
            output += fitted + "\r\n"
        }
        let prompt = DisplayWidth.fitted(prompt, into: columns / 2)
        let promptWidth = DisplayWidth.of(prompt)
        let (text, cursor) = Self.window(of: editor, into: columns - 1 - promptWidth)
        output += prompt + text
        drawn.append(promptWidth + DisplayWidth.of(text))
        cursorColumn = promptWidth + cursor
        output += cursorColumn > 0 ? "\r\u{1B}[\(cursorColumn)C" : "\r"
    }

    /// The part of the line around the cursor that fits, and where in it the cursor stands.
    private static func window(of editor: LineEditor, into width: Int) -> (String, Int) {
        let characters = editor.characters
        var start = editor.cursor
        var before = 0
        while start > 0 {
            let more = DisplayWidth.of(characters[start - 1])
            guard before + more < width else { break }
            before += more
            start -= 1
        }
        var end = editor.cursor
        var all = before
        while end < characters.count {
            all += DisplayWidth.of(characters[end])
            guard all <= width else { break }
            end += 1
        }
        return (String(characters[start..<end]), before)
    }
}
