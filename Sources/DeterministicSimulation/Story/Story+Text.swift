import StateMachine

/// Why a text is no story.
public struct StoryTextError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong there.
    public var problem: String

    /// One line for people.
    public var description: String { "line \(line): \(problem)" }
}

/// The text form: readable, and lossless.
///
/// ```
/// story 1
/// scenario leader-crash
/// seed 12
/// set servers 3
/// property durability
/// detail room 1 lost "hello"
/// hash 4b1d
/// end 3.25 s
/// choices 1
/// node 0 s1
/// 1.204 s  fault.kind (leader-strike 1) = crash
/// ```
///
/// Empty lines, and those that begin with `#`, mean nothing.
extension Story {
    private static let heading = "story 1"
    private static let countWord = "choices "

    /// The story as text in UTF-8, ended by a newline.
    public var text: [UInt8] {
        var bytes: [UInt8] = []
        for line in head { Self.append(line, &bytes) }
        Self.append("choices \(choices.decisions.count)", &bytes)
        for node in choices.nodes { Self.append("node \(node.rank) \(node.name)", &bytes) }
        for decision in choices.decisions {
            Self.append(choices.line(of: decision), &bytes)
        }
        return bytes
    }

    private var head: [String] {
        var lines = [Self.heading, "scenario \(scenario)", "seed \(seed)"]
        lines += settings.map { "set \($0.key) \($0.value)" }
        if let violation {
            lines += ["property \(violation.property)", "detail \(violation.detail)"]
        }
        lines.append("hash \(String(hash, radix: 16))")
        lines.append("end \(Quantity.seconds(end.nanoseconds)) s")
        if let until { lines.append("until \(Quantity.seconds(until.nanoseconds)) s") }
        return lines
    }

    private static func append(_ line: String, _ bytes: inout [UInt8]) {
        bytes += line.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Reads the text form.
    public init(text: [UInt8]) throws(StoryTextError) {
        self.init(scenario: "", seed: 0)
        var number = 0
        /// How many choices there have to be; stories of former versions don't say it.
        var count: Int?
        let newline = UInt8(ascii: "\n")
        for bytes in text.split(separator: newline, omittingEmptySubsequences: false) {
            number += 1
            let line = String(decoding: bytes, as: UTF8.self)
            if number == 1 {
                guard line == Self.heading else {
                    throw StoryTextError(
                        line: 1, problem: "no story: the first line has to be \"\(Self.heading)\"")
                }
            } else if line.hasPrefix(Self.countWord), let told = Int(line.dropFirst(8)) {
                count = told
            } else if !line.isEmpty, !line.hasPrefix("#"), !take(line[...]) {
                throw StoryTextError(line: number, problem: "\"\(line)\" is not understood")
            }
        }
        guard !scenario.isEmpty else {
            throw StoryTextError(line: number, problem: "the story does not say its scenario")
        }
        let found = choices.decisions.count
        guard found == count ?? found else {
            throw StoryTextError(
                line: number,
                problem: "the story has \(count ?? 0) choices, and \(found) of them are here")
        }
    }

    /// Takes a line. False: it is none.
    private mutating func take(_ line: Substring) -> Bool {
        guard let first = line.utf8.first, !(48...57).contains(first) else {
            return choices.add(line: line)
        }
        let (word, rest) = Self.parted(line)
        switch word {
        case "scenario": scenario = String(rest)
        case "seed": return Self.set(&seed, UInt64(rest))
        case "set":
            let (key, value) = Self.parted(rest)
            settings.append(StorySetting(String(key), String(value)))
            return !value.isEmpty
        case "property": violation = Violation(property: String(rest), detail: "")
        case "detail": violation?.detail = String(rest)
        case "hash": return Self.set(&hash, UInt64(rest, radix: 16))
        case "end": return Self.set(&end, Self.moment(rest))
        case "until":
            until = Self.moment(rest)
            return until != nil
        case "node":
            let (rank, name) = Self.parted(rest)
            guard let rank = UInt32(rank), !name.isEmpty else { return false }
            choices.nodes.append(NodeName(rank: rank, name: String(name)))
        default: return false
        }
        return !rest.isEmpty || word == "detail"
    }

    /// The first word, and what follows it.
    private static func parted(_ line: Substring) -> (Substring, Substring) {
        guard let space = line.firstIndex(of: " ") else { return (line, "") }
        return (line[..<space], line[line.index(after: space)...])
    }

    private static func set<Value>(_ place: inout Value, _ value: Value?) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }

    private static func moment(_ text: Substring) -> Instant? {
        let (number, unit) = parted(text)
        return Quantity.nanoseconds(number, unit).map { Instant(nanoseconds: $0) }
    }
}
