/// The words that can be completed, and where.
public struct Vocabulary: Equatable, Sendable {
    /// Commands, with their slash.
    public var commands: [String]
    /// The commands that a room's name follows.
    public var roomCommands: [String]
    /// Names of rooms.
    public var rooms: [String] = []
    /// Names of people.
    public var people: [String] = []

    /// Makes a vocabulary.
    public init(commands: [String], roomCommands: [String]) {
        self.commands = commands
        self.roomCommands = roomCommands
    }

    /// What can be done with what stands before the cursor.
    func completion(of text: String) -> Completion {
        guard text.first == "/", !text.hasPrefix("//") else { return person(text) }
        guard let space = text.firstIndex(of: " ") else {
            return Completion(of: text, among: commands, end: " ")
        }
        guard roomCommands.contains(String(text[..<space])) else { return person(text) }
        let start = text[space...].drop { $0 == " " }
        return Completion(of: String(start), among: rooms, end: "")
    }

    private func person(_ text: String) -> Completion {
        let word = text.reversed().prefix { !$0.isWhitespace }.count
        let isFirst = word == text.count
        guard word > 0 else { return Completion(length: 0, candidates: [], replacement: nil) }
        return Completion(
            of: String(text.suffix(word)), among: people, end: isFirst ? ": " : " ")
    }
}

/// What Tab does.
struct Completion: Equatable {
    /// How many characters before the cursor are completed.
    var length: Int
    /// What they may become, in order.
    var candidates: [String]
    /// What they become now; nil where there is nothing to add.
    var replacement: String?

    init(length: Int, candidates: [String], replacement: String?) {
        self.length = length
        self.candidates = candidates
        self.replacement = replacement
    }

    init(of start: String, among words: [String], end: String) {
        length = start.count
        candidates = words.filter { $0.hasPrefix(start) }.sorted()
        guard let first = candidates.first else { return }
        guard candidates.count > 1 else {
            replacement = first + end
            return
        }
        let shared = candidates.dropFirst().reduce(first) { Self.sharedStart($0, $1) }
        replacement = shared.count > length ? shared : nil
    }

    private static func sharedStart(_ one: String, _ other: String) -> String {
        String(zip(one, other).prefix { $0 == $1 }.map(\.0))
    }
}
