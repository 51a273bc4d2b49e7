import StateMachine

/// The choices of a power cut: all sequences of them one after the other, or a drawn one.
enum Choices {
    case counted([(choice: UInt64, bound: UInt64)], place: Int)
    case drawn(Sample)

    /// Chooses at random; the first two samples keep nothing and all.
    struct Sample {
        var number: UInt64
        var generator: SmallGenerator
        var made: [UInt64] = []
    }

    /// A copyable stand-in for a generator that isn't: a sample is never continued.
    struct SmallGenerator {
        var state: UInt64

        mutating func below(_ bound: UInt64) -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word &>> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word &>> 27) &* 0x94D0_49BB_1331_11EB
            return (word ^ word &>> 31) % bound
        }
    }

    static func counting() -> Choices { .counted([], place: 0) }

    static func drawing(_ number: UInt64, _ seed: UInt64) -> Choices {
        .drawn(Sample(number: number, generator: SmallGenerator(state: seed)))
    }

    mutating func next(_ bound: UInt64) -> UInt64 {
        switch self {
        case .counted(var made, let place):
            if place == made.count { made.append((0, bound)) }
            self = .counted(made, place: place + 1)
            return made[place].choice
        case .drawn(var sample):
            let choice =
                switch sample.number {
                case 0: UInt64(0)
                case 1: bound - 1
                default: sample.generator.below(bound)
                }
            sample.made.append(choice)
            self = .drawn(sample)
            return choice
        }
    }

    /// Goes on to the next sequence; false where there is none.
    mutating func advance() -> Bool {
        guard case .counted(var made, _) = self else { return false }
        while let last = made.last, last.choice + 1 == last.bound { made.removeLast() }
        guard !made.isEmpty else { return false }
        made[made.count - 1].choice += 1
        self = .counted(made, place: 0)
        return true
    }

    var words: String {
        let made: [UInt64] =
            switch self {
            case .counted(let made, _): made.map(\.choice)
            case .drawn(let sample): sample.made
            }
        return made.map(String.init).joined(separator: " ")
    }
}
