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
        let doubled = (hasStar ? String(word.dropLast()) : word)
            .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return "\"\(doubled)\"" + (hasStar ? " *" : "")
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
