package import SyncNetProtocol

/// What people search for: a word of which everybody knows in which texts it stands.
package enum Sought: Equatable, Sendable {
    /// What somebody said: all that people say is marked with their name.
    case author(UInt32)
    /// What anybody said: the beginning of a mark.
    case anybody
    /// What nobody ever says.
    case nothing
    /// What somebody said, by the beginning of all marks and that of their own.
    case authorOfAll(UInt32)
    /// What somebody said with a word that nobody ever says.
    case authorOfNothing(UInt32)

    /// What these words look for; nil for others, of which nobody knows where they stand.
    package init?(_ words: Text) {
        let mark = SaidMark(Text(utf8: words.utf8 + [UInt8(ascii: ".")]))
        if let author = mark?.author, words == Self.author(author).words {
            self = .author(author)
        } else if words == Self.anybody.words {
            self = .anybody
        } else if words == Self.nothing.words {
            self = .nothing
        } else {
            let parts = words.utf8.split(separator: UInt8(ascii: " ")).map { Text(utf8: Array($0)) }
            guard parts.count == 2 else { return nil }
            switch (Sought(parts[0]), Sought(parts[1])) {
            case (.anybody, .author(let author)): self = .authorOfAll(author)
            case (.author(let author), .nothing): self = .authorOfNothing(author)
            default: return nil
            }
        }
    }

    /// The words.
    package var words: Text {
        switch self {
        case .author(let author): Text("c\(author)")
        case .anybody: "c*"
        case .nothing: "nothing"
        case .authorOfAll(let author): Text("c* c\(author)")
        case .authorOfNothing(let author): Text("c\(author) nothing")
        }
    }

    /// Whether a text with such a mark may be found.
    package func mayFind(_ mark: SaidMark?) -> Bool {
        switch self {
        case .author(let author), .authorOfAll(let author): mark?.author == author
        case .anybody: mark != nil
        case .nothing, .authorOfNothing: false
        }
    }

    /// Whether it has to be found: what is a word is certain only at a text's beginning.
    package func mustFind(_ mark: SaidMark?) -> Bool { mayFind(mark) && mark?.isFirst == true }
}

/// How somebody's text is marked: `c`, the number in their name, and a dot.
package struct SaidMark: Equatable, Sendable {
    /// The number in the name.
    package var author: UInt32
    /// Whether the text begins with it.
    package var isFirst: Bool

    /// The first mark in a text.
    package init?(_ text: Text) {
        let bytes = text.utf8
        for start in bytes.indices where bytes[start] == UInt8(ascii: "c") {
            var number: UInt32 = 0
            var end = start + 1
            while end < bytes.count, number < 100_000,
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end])
            {
                number = number * 10 + UInt32(bytes[end] - UInt8(ascii: "0"))
                end += 1
            }
            guard end > start + 1, end < bytes.count, bytes[end] == UInt8(ascii: ".") else {
                continue
            }
            (author, isFirst) = (number, start == 0)
            return
        }
        return nil
    }
}
