/// Which numbers of one sender were taken already, so that none is taken twice.
///
/// Numbers may come in any order within the window; one that lies so far back that it is not
/// known any more counts as taken. The window of RFC 4303, section 3.4.3, of another width.
public struct ReplayWindow: Equatable, Sendable {
    /// How far a number may lie behind the highest: a sender has one sequence for all its
    /// peers, so that 64 of them leave room for sixteen datagrams that overtake each other.
    public static let width: UInt64 = 1_024

    private static let wordBits: UInt64 = 64

    private var words = [UInt64](repeating: 0, count: Int(width / wordBits))
    /// The highest number that was taken; 0 before any was.
    public private(set) var highest: UInt64 = 0

    /// Makes a window in which nothing is taken yet.
    public init() {}

    /// Takes a number; false where it was taken before, or may have been. 0 is no number.
    public mutating func take(_ number: UInt64) -> Bool {
        guard number > 0 else { return false }
        if number > highest {
            move(to: number)
        } else if highest - number >= Self.width {
            return false
        }
        let (word, bit) = Self.place(of: number)
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        return true
    }

    private mutating func move(to number: UInt64) {
        let steps = number - highest
        if steps >= Self.width {
            for word in words.indices { words[word] = 0 }
        } else {
            for step in 1...steps {
                let (word, bit) = Self.place(of: highest + step)
                words[word] &= ~bit
            }
        }
        highest = number
    }

    private static func place(of number: UInt64) -> (word: Int, bit: UInt64) {
        let place = number % width
        return (Int(place / wordBits), 1 << (place % wordBits))
    }
}
