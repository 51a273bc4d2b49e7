import NIOCore
import StateMachine

/// One link, as it is now. Belongs to the relay's event loop.
final class LinkState {
    private(set) var weather = Weather.fair
    private var dice: Generator
    private var pumps: [ObjectIdentifier: StreamPump] = [:]
    var tally = RelayTally()

    init(seed: UInt64) { dice = Generator(seed: seed) }

    /// How long each copy of a datagram takes.
    func copies() -> [TimeAmount] {
        let copies = weather.copies(&dice)
        tally.datagrams += 1
        if copies.isEmpty { tally.lost += 1 }
        if copies.count > 1 { tally.doubled += 1 }
        return copies.map { .microseconds(Int64(clamping: $0)) }
    }

    /// How long a piece of a stream takes.
    func patience() -> TimeAmount { .microseconds(Int64(clamping: weather.patience(&dice))) }

    func change(to weather: Weather) {
        self.weather = weather
        for pump in pumps.values { pump.move() }
    }

    func add(_ pump: StreamPump) { pumps[ObjectIdentifier(pump)] = pump }

    func remove(_ pump: StreamPump) { pumps[ObjectIdentifier(pump)] = nil }

    /// Breaks all streams.
    func reset() { for pump in Array(pumps.values) { pump.breakOff() } }
}

/// What came over a link.
package struct RelayTally: Equatable, Sendable {
    /// Datagrams that were sent.
    package var datagrams: UInt64 = 0
    /// Those of them that were lost.
    package var lost: UInt64 = 0
    /// Those that came twice.
    package var doubled: UInt64 = 0
    /// Bytes that came out of streams.
    package var streamBytes: UInt64 = 0

    /// Nothing has come.
    package init() {}

    static func + (one: Self, other: Self) -> Self {
        var sum = one
        sum.datagrams += other.datagrams
        sum.lost += other.lost
        sum.doubled += other.doubled
        sum.streamBytes += other.streamBytes
        return sum
    }
}
