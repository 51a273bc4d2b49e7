import SyncNetTerminal

/// What a terminal would show: enough of one to check what we draw. It has no last row.
public struct VirtualTerminal: Sendable {
    /// How wide it is.
    public let columns: Int
    private var rows: [[Character]] = [[]]
    private var row = 0
    /// Where the cursor stands.
    public private(set) var column = 0

    /// An empty one.
    public init(columns: Int) { self.columns = columns }

    /// The rows without blanks at their ends; empty ones at the end are left out.
    public var text: [String] {
        var lines = rows.map { cells in
            var cells = cells.filter { $0 != "\0" }
            while cells.last == " " { cells.removeLast() }
            return String(cells)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// Does what the bytes say.
    public mutating func write(_ output: String) {
        var rest = output[...]
        while let character = rest.popFirst() {
            switch character {
            case "\r\n": newLine()
            case "\r": column = 0
            case "\u{1B}": sequence(&rest)
            default: put(character)
            }
        }
    }

    private mutating func newLine() {
        column = 0
        row += 1
        if row == rows.count { rows.append([]) }
    }

    private mutating func put(_ character: Character) {
        let width = DisplayWidth.of(character)
        if column + width > columns { newLine() }
        let padding = max(0, column + width - rows[row].count)
        rows[row] += Array(repeating: " ", count: padding)
        rows[row][column] = character
        if width == 2 { rows[row][column + 1] = "\0" }
        column += width
    }

    private mutating func sequence(_ rest: inout Substring) {
        guard rest.popFirst() == "[" else { return }
        var parameters = ""
        while let character = rest.popFirst() {
            if character.isLetter { return perform(character, parameters) }
            parameters.append(character)
        }
    }

    private mutating func perform(_ letter: Character, _ parameters: String) {
        let count = Int(parameters) ?? 1
        switch letter {
        case "A": row = max(0, row - count)
        case "C": column = min(columns - 1, column + count)
        case "H": (row, column) = (0, 0)
        case "J":
            if parameters == "2" {
                rows = [[]]
            } else {
                rows.removeSubrange((row + 1)...)
                rows[row] = Array(rows[row].prefix(column))
            }
        default: break  // colours and modes look the same here
        }
    }
}
