/// The lines that were typed before.
public struct InputHistory: Equatable, Sendable {
    /// The oldest lines beyond so many are forgotten.
    public static let linesMax = 1_000

    /// Oldest first.
    public private(set) var lines: [String] = []
    /// Where in them one is; nil at the line that is being typed.
    private var place: Int?
    /// What was being typed before one went back.
    private var draft = ""

    /// Makes a history of lines, oldest first.
    public init(_ lines: [String] = []) {
        self.lines = Array(lines.suffix(Self.linesMax))
    }

    /// Keeps a line; whether it was worth keeping.
    @discardableResult
    public mutating func keep(_ line: String) -> Bool {
        place = nil
        guard !line.allSatisfy(\.isWhitespace), line != lines.last else { return false }
        lines.append(line)
        if lines.count > Self.linesMax { lines.removeFirst() }
        return true
    }

    /// The line before, if there is one; `line` is what is shown now.
    mutating func back(from line: String) -> String? {
        guard let last = lines.indices.last else { return nil }
        guard let place else {
            draft = line
            self.place = last
            return lines[last]
        }
        guard place > 0 else { return nil }
        self.place = place - 1
        return lines[place - 1]
    }

    /// The line after, which in the end is the one that was being typed.
    mutating func forth() -> String? {
        guard let place else { return nil }
        guard place + 1 < lines.count else {
            self.place = nil
            return draft
        }
        self.place = place + 1
        return lines[place + 1]
    }

    /// Back at the line that is being typed, which is empty now.
    mutating func leave() { place = nil }
}
