/// How many tokens the first lap of an election takes (Chang and Roberts, 1979): on a
/// reliable ring in which all start, exactly so many, whatever the interleaving.
package enum TokenCount {
    /// The tokens of a ring whose identifiers stand in this order: each goes on until it
    /// meets a larger one, and the largest goes all the way round.
    /// - Precondition: no two identifiers are equal.
    package static func exact(_ ring: [Int]) -> Int {
        ring.indices.reduce(0) { $0 + distance(from: $1, in: ring) }
    }

    /// How far it is from a place of a ring to the next larger identifier; all the way round
    /// for the largest.
    package static func distance<Identifier: Comparable>(
        from start: Int, in ring: [Identifier]
    ) -> Int {
        (1..<max(ring.count, 1)).first { ring[(start + $0) % ring.count] > ring[start] }
            ?? ring.count
    }

    /// The most that a ring of so many servers can take.
    package static func most(_ servers: Int) -> Int { servers * (servers + 1) / 2 }

    /// The least that a ring of so many servers can take.
    package static func least(_ servers: Int) -> Int { servers == 1 ? 1 : 2 * servers - 1 }

    /// The mean over all orders, n·Hₙ, as a fraction in lowest terms.
    package static func mean(_ servers: Int) -> (numerator: Int, denominator: Int) {
        var numerator = 0
        var denominator = 1
        for number in 1...max(servers, 1) {
            numerator = numerator * number + denominator
            denominator *= number
            let common = divisor(numerator, denominator)
            numerator /= common
            denominator /= common
        }
        let common = divisor(numerator * servers, denominator)
        return (numerator * servers / common, denominator / common)
    }

    /// Every order of a ring, up to turning it: calls `body` with each.
    package static func forEveryRing(_ servers: Int, _ body: ([Int]) -> Void) {
        var ring = Array(0..<servers)
        permute(&ring, from: 1, body)
    }

    private static func permute(_ ring: inout [Int], from place: Int, _ body: ([Int]) -> Void) {
        guard place < ring.count else { return body(ring) }
        for other in place..<ring.count {
            ring.swapAt(place, other)
            permute(&ring, from: place + 1, body)
            ring.swapAt(place, other)
        }
    }

    private static func divisor(_ one: Int, _ other: Int) -> Int {
        other == 0 ? one : divisor(other, one % other)
    }
}
