/// The line that a person types: keys in, edits out. It draws nothing.
///
/// Invariant: `cursor` is at most the number of characters.
public struct LineEditor: Equatable, Sendable {
    /// What a key came to.
    public enum Outcome: Equatable, Sendable {
        /// Nothing to show.
        case nothing
        /// The line looks different, or the cursor stands elsewhere.
        case edited
        /// It takes no more: something is left out. Enter has to be pressed once more to end the
        /// line without it.
        case full
        /// The line was ended, and is empty now.
        case submitted(String)
        /// Completion is wanted at the cursor.
        case completion
        /// Ctrl-C on an empty line, or Ctrl-D on one.
        case ended
        /// The screen is to be drawn anew.
        case clearScreen
        /// The process is to be stopped for a while.
        case suspended
    }

    /// A line takes no more than this.
    public static let bytesMax = 1 << 14

    /// The line.
    public private(set) var characters: [Character] = []
    /// Before which character the cursor stands.
    public private(set) var cursor = 0
    /// What was typed before.
    public var history = InputHistory()
    private var cut: [Character] = []
    /// Whether something was left out that nobody has agreed to.
    private var lacksSomething = false
    private var bytes: Int { characters.reduce(0) { $0 + $1.utf8.count } }

    /// Makes an empty line.
    public init() {}

    /// The line as text.
    public var text: String { String(characters) }
    /// What stands before the cursor.
    public var textBeforeCursor: String { String(characters[..<cursor]) }

    /// Takes a key.
    public mutating func take(_ key: Key) -> Outcome {
        switch key {
        case .typed(let scalar): return insert(String(scalar))
        case .pasted(let text): return insert(Self.onOneLine(text))
        case .enter: return submit()
        case .tab: return .completion
        case .interrupt: return interrupt()
        case .endOfInput: return characters.isEmpty ? .ended : remove(cursor..<cursor + 1)
        case .clearScreen: return .clearScreen
        case .suspend: return .suspended
        case .backspace: return remove(cursor - 1..<cursor)
        case .delete: return remove(cursor..<cursor + 1)
        case .cutWord: return cut(wordStart..<cursor)
        case .cutToEnd: return cut(cursor..<characters.count)
        case .cutToStart: return cut(0..<cursor)
        case .putBack: return insert(String(cut))
        case .up, .down: return recall(key)
        case .left, .right, .home, .end, .wordLeft, .wordRight: return move(key)
        }
    }

    /// Replaces what stands in a range before the cursor, and goes behind it.
    public mutating func replace(_ range: Range<Int>, with text: String) {
        precondition(range.upperBound <= characters.count, "\(range) is outside the line")
        guard bytes + text.utf8.count <= Self.bytesMax else { return }
        characters.replaceSubrange(range, with: text)
        cursor = range.lowerBound + text.count
    }
}

extension LineEditor {
    /// A line is one line, whatever is pasted into it.
    private static func onOneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter(isVisible))
    }

    private static func isVisible(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    // A mark joins the character before the cursor, and what follows may join it in turn.
    private mutating func insert(_ text: String) -> Outcome {
        guard !text.isEmpty else { return .nothing }
        guard bytes + text.utf8.count <= Self.bytesMax else {
            defer { lacksSomething = true }
            return lacksSomething ? .nothing : .full
        }
        let near = max(cursor - 1, 0)..<min(cursor + 1, characters.count)
        let before = String(characters[near.lowerBound..<cursor]) + text
        let joined = Array(before + String(characters[cursor..<near.upperBound]))
        characters.replaceSubrange(near, with: joined)
        cursor = near.lowerBound + min(before.count, joined.count)
        return .edited
    }

    private mutating func submit() -> Outcome {
        guard !lacksSomething else {
            lacksSomething = false
            return .full
        }
        let line = text
        clear()
        history.keep(line)
        return .submitted(line)
    }

    private mutating func interrupt() -> Outcome {
        guard !characters.isEmpty else { return .ended }
        clear()
        history.leave()
        return .edited
    }

    private mutating func clear() {
        characters = []
        cursor = 0
        lacksSomething = false
    }

    private mutating func remove(_ range: Range<Int>) -> Outcome {
        guard range.lowerBound >= 0, range.upperBound <= characters.count, !range.isEmpty else {
            return .nothing
        }
        characters.removeSubrange(range)
        cursor = range.lowerBound
        return .edited
    }

    private mutating func cut(_ range: Range<Int>) -> Outcome {
        guard !range.isEmpty else { return .nothing }
        cut = Array(characters[range])
        return remove(range)
    }

    private mutating func recall(_ key: Key) -> Outcome {
        guard let line = key == .up ? history.back(from: text) : history.forth() else {
            return .nothing
        }
        characters = Array(line)
        cursor = characters.count
        return .edited
    }

    private mutating func move(_ key: Key) -> Outcome {
        let target =
            switch key {
            case .left: cursor - 1
            case .right: cursor + 1
            case .home: 0
            case .end: characters.count
            case .wordLeft: wordStart
            default: wordEnd
            }
        guard (0...characters.count).contains(target), target != cursor else { return .nothing }
        cursor = target
        return .edited
    }

    private var wordStart: Int {
        var place = cursor
        while place > 0, characters[place - 1].isWhitespace { place -= 1 }
        while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
        return place
    }

    private var wordEnd: Int {
        var place = cursor
        while place < characters.count, characters[place].isWhitespace { place += 1 }
        while place < characters.count, !characters[place].isWhitespace { place += 1 }
        return place
    }
}
