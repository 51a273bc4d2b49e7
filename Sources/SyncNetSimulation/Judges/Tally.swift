package import DeterministicSimulation
import SyncNetProtocol

/// What a run reached, counted.
package struct Tally: Equatable, Sendable {
    /// Leaders that were elected.
    package var elections: UInt64 = 0
    /// Leaders that stepped down.
    package var stepDowns: UInt64 = 0
    /// Peers that were taken for dead.
    package var suspicions: UInt64 = 0
    /// Tokens of the first lap, from one server to the next.
    package var tokens: UInt64 = 0
    /// Tokens of the second lap, from one server to the next.
    package var votes: UInt64 = 0
    /// Entries applied, on all servers together.
    package var applied: UInt64 = 0
    /// Linearizable reads that were answered.
    package var reads: UInt64 = 0
    /// Retries that met their first copy.
    package var retries: UInt64 = 0
    /// Rare but legal situations, by their raw value.
    package var sometimes: [UInt64] = Array(repeating: 0, count: Sometimes.allCases.count)

    /// Makes an empty one.
    package init() {}

    @inline(__always)
    mutating func count(_ body: Body) {
        if case .elected = body { votes += 1 }
    }

    /// A token that is sent again, since its neighbour had not started, counts once.
    mutating func count(_ mark: Mark) {
        switch mark {
        case .tokenSent(.first, _), .tokenForwarded(.first, _): tokens += 1
        case .becameLeader: elections += 1
        case .steppedDown: stepDowns += 1
        case .suspected: suspicions += 1
        case .applied: applied += 1
        case .readAnswered: reads += 1
        case .retryMet: retries += 1
        case .sometimes(let what): sometimes[Int(what.rawValue)] += 1
        default: break
        }
    }
}

extension Tally {
    /// The same as a list with names.
    package var counters: [Counter] {
        [
            Counter("elections", elections), Counter("step-downs", stepDowns),
            Counter("suspicions", suspicions), Counter("tokens", tokens),
            Counter("second-lap tokens", votes), Counter("entries applied", applied),
            Counter("linearizable reads", reads), Counter("retries met", retries),
        ]
    }

    /// What no simulation reaches: nobody who chats shares a name with somebody else there.
    private static let unsimulated: [Sometimes] = [.clientExcluded]

    /// Worked out once: a campaign asks for them after every seed.
    private static let names: [(place: Int, words: String)] =
        Sometimes.allCases.filter { !unsimulated.contains($0) }
        .map { (Int($0.rawValue), $0.words) }

    /// How often each rare situation of the protocol was reached.
    package var points: [Counter] {
        Self.names.map { Counter($0.words, sometimes[$0.place]) }
    }
}

extension Sometimes {
    /// Its name in words.
    var words: String { "\(self)".inWords }
}

extension String {
    /// A name as code has it, for people: "a token" for "aToken", "is UTF8" for "isUTF8".
    var inWords: String {
        var words = ""
        var wasUpper = true
        for letter in self {
            if letter.isUppercase, !wasUpper { words.append(" ") }
            words.append(letter)
            wasUpper = letter.isUppercase
        }
        return words.split(separator: " ").map { word in
            word.dropFirst().contains { $0.isUppercase } ? String(word) : word.lowercased()
        }.joined(separator: " ")
    }
}

extension Court {
    /// What clients were told, counted.
    package var counters: [Counter] {
        [
            Counter("messages acknowledged", clients.said),
            Counter("orders done", clients.done),
            Counter("operations linearized", histories.judged),
            Counter("histories too hard to judge", histories.undecided),
            Counter("exact token counts", exactCounts),
        ]
    }
}
