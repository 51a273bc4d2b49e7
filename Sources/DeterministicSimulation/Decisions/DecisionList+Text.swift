/// Why a text is no list of decisions.
public struct DecisionTextError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// What is wrong there.
    public var problem: String

    /// One line for people.
    public var description: String { "line \(line): \(problem)" }
}

/// The text form: readable, short, and lossless.
///
/// ```
/// decisions 1
/// about scenario leader-crash
/// kind timer.moment
/// kind packet.delay
/// 0.2 1gv4
/// 1.2.0 9x
/// ```
///
/// A line is the kind's number, the nodes that it is about, and the value in base 36.
extension DecisionList {
    private static let heading = "decisions 1"

    /// The list as text in UTF-8, ended by a newline.
    public var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(decisions.count * 12)
        Self.append(Self.heading, &bytes)
        for line in about { Self.append("about \(line)", &bytes) }
        for kind in kinds { Self.append("kind \(kind)", &bytes) }
        for decision in decisions { Self.append(decision, &bytes) }
        return bytes
    }

    private static func append(_ line: String, _ bytes: inout [UInt8]) {
        bytes += line.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func append(_ decision: Decision, _ bytes: inout [UInt8]) {
        bytes += String(decision.kind).utf8
        if decision.node != Decision.nobody || decision.other != Decision.nobody {
            bytes.append(UInt8(ascii: "."))
            if decision.node != Decision.nobody { bytes += String(decision.node).utf8 }
        }
        if decision.other != Decision.nobody {
            bytes.append(UInt8(ascii: "."))
            bytes += String(decision.other).utf8
        }
        bytes.append(UInt8(ascii: " "))
        bytes += String(decision.value, radix: 36).utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Reads the text form.
    public init(text: [UInt8]) throws(DecisionTextError) {
        var number = 0
        let newline = UInt8(ascii: "\n")
        for line in text.split(separator: newline, omittingEmptySubsequences: false) {
            number += 1
            if number == 1 {
                guard line.elementsEqual(Self.heading.utf8) else {
                    throw DecisionTextError(
                        line: 1,
                        problem: "no list of decisions: the first line has to be "
                            + "\"\(Self.heading)\"")
                }
            } else if !line.isEmpty {
                try take(line, number)
            }
        }
    }

    private mutating func take(
        _ line: ArraySlice<UInt8>, _ number: Int
    ) throws(DecisionTextError) {
        if let rest = Self.rest(of: line, after: "about ") {
            about.append(rest)
        } else if let rest = Self.rest(of: line, after: "kind ") {
            kinds.append(rest)
        } else {
            decisions.append(try decision(line, number))
        }
    }

    private static func rest(of line: ArraySlice<UInt8>, after word: String) -> String? {
        guard line.starts(with: word.utf8) else { return nil }
        return String(decoding: line.dropFirst(word.utf8.count), as: UTF8.self)
    }

    private func decision(
        _ line: ArraySlice<UInt8>, _ number: Int
    ) throws(DecisionTextError) -> Decision {
        let halves = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let point = halves[0].split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard halves.count == 2, (1...3).contains(point.count),
            let kind = UInt16(String(decoding: point[0], as: UTF8.self)),
            let node = Self.node(point, 1), let other = Self.node(point, 2),
            let value = UInt64(String(decoding: halves[1], as: UTF8.self), radix: 36)
        else {
            let found = String(decoding: line, as: UTF8.self)
            throw DecisionTextError(line: number, problem: "\"\(found)\" is no decision")
        }
        guard Int(kind) < kinds.count else {
            throw DecisionTextError(line: number, problem: "there is no kind \(kind)")
        }
        return Decision(kind: kind, node: node, other: other, value: value)
    }

    private static func node(_ point: [ArraySlice<UInt8>], _ index: Int) -> UInt32? {
        guard index < point.count, !point[index].isEmpty else { return Decision.nobody }
        return UInt32(String(decoding: point[index], as: UTF8.self))
    }
}
