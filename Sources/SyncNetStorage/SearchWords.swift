import SyncNetProtocol

/// What somebody searches for, made safe: whatever is typed is a word, and never part of a
/// query's language. Only a star at a word's end means something: any end.
struct SearchWords {
    /// For SQLite's FTS5; nil where there is no word to search for.
    let expression: String?

    init(_ text: Text, bugs: PlantedBugs = []) {
        let words = text.string.split { $0.isWhitespace || $0.unicodeScalars.contains("\0") }
        let quoted = words.compactMap { Self.quoted(String($0)) }
        let conjunction = bugs.contains(.p46SearchFindsAnyWord) ? " OR " : " AND "
        expression = quoted.isEmpty ? nil : quoted.joined(separator: conjunction)
    }

    private static func quoted(_ word: String) -> String? {
        guard word.unicodeScalars.contains(where: isIndexed) else { return nil }
        let hasStar = word.last == "*"
        let doubled = Self.parted(hasStar ? String(word.dropLast()) : word)
            .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return "\"\(doubled)\"" + (hasStar ? " *" : "")
    }

    /// A text as it is indexed, and as it is searched for: scripts that write no blanks between
    /// their words have every sign as a word of its own, so that any row of them is found
    /// wherever it stands.
    static func parted(_ text: String) -> String {
        // All of these begin with higher bytes in UTF-8 than most texts have.
        guard text.utf8.contains(where: { $0 >= 0xE3 }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isWord(scalar) {
                result.append(" ")
                result.append(scalar)
                result.append(" ")
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Han, kana and bopomofo, by their blocks.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3040...0x312F, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAFF, 0xFF66...0xFF9D, 0x2_0000...0x3_23AF:
            true
        default: false
        }
    }

    /// What the index takes for a part of a word.
    private static func isIndexed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
            .otherLetter, .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}
