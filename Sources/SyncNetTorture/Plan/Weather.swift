package import StateMachine

/// How a link treats what goes over it.
package struct Weather: Equatable, Sendable {
    /// How long a stream waits, in microseconds, where a packet of it was lost and is sent again.
    package static let resendMicros: UInt64 = 200_000

    /// Whether nothing goes through.
    package var isCut = false
    /// How long each datagram and each piece of a stream takes, in microseconds; datagrams that
    /// take different times overtake each other.
    package var delay: ClosedRange<UInt64> = 0...0
    /// Of a hundred datagrams, so many are lost; streams wait for them.
    package var lossPercent: UInt64 = 0
    /// Of a hundred datagrams, so many come twice.
    package var doublePercent: UInt64 = 0

    /// Makes weather in which all goes through at once.
    package init() {}

    /// All goes through at once.
    package static let fair = Weather()
    /// Nothing goes through.
    package static let cut = {
        var weather = Weather()
        weather.isCut = true
        return weather
    }()

    /// Both at once.
    package static func + (one: Self, other: Self) -> Self {
        var sum = Weather()
        sum.isCut = one.isCut || other.isCut
        sum.delay =
            one.delay.lowerBound + other.delay.lowerBound...one.delay.upperBound
            + other.delay.upperBound
        sum.lossPercent = max(one.lossPercent, other.lossPercent)
        sum.doublePercent = max(one.doublePercent, other.doublePercent)
        return sum
    }

    /// How long each copy of a datagram takes, in microseconds; none arrives of one that is lost.
    package func copies(_ dice: inout Generator) -> [UInt64] {
        if isCut || dice.chance(lossPercent, in: 100) { return [] }
        let count = dice.chance(doublePercent, in: 100) ? 2 : 1
        return (0..<count).map { _ in dice.within(delay) }
    }

    /// How long a piece of a stream takes, in microseconds, where the link is not cut.
    package func patience(_ dice: inout Generator) -> UInt64 {
        let resent = dice.chance(lossPercent, in: 100) ? Self.resendMicros : 0
        return dice.within(delay) + resent
    }
}
