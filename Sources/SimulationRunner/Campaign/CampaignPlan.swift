import Foundation

/// Which seeds a campaign runs, in which scenarios, and which of them twice.
///
/// Seeds are dealt out to the scenarios in turn. One turn of all scenarios is a round, and
/// rounds are dealt out to the shards in turn, so that every shard runs every scenario.
struct CampaignPlan: Equatable {
    let scenarios: [String]
    let seeds: Range<UInt64>
    let shard: Shard
    /// One of so many seeds is run twice; none where it is 0.
    let checkEvery: UInt64

    /// The seeds of this shard.
    var count: UInt64 {
        let turn = UInt64(scenarios.count)
        let (rounds, rest) = UInt64(seeds.count).quotientAndRemainder(dividingBy: turn)
        let (all, left) = rounds.quotientAndRemainder(dividingBy: UInt64(shard.count))
        let index = UInt64(shard.index)
        return all * turn + (index < left ? turn : index == left ? rest : 0)
    }

    /// The job with a number below ``count``.
    func job(_ number: UInt64) -> SeedJob {
        let turn = UInt64(scenarios.count)
        let (round, place) = number.quotientAndRemainder(dividingBy: turn)
        let overall = (round * UInt64(shard.count) + UInt64(shard.index)) * turn + place
        let seed = seeds.lowerBound + overall
        // Slanted, so that every scenario gets its share whatever their number is.
        let slant = overall / turn + overall % turn
        return SeedJob(
            scenario: scenarios[Int(seed % turn)], seed: seed,
            isCheckedLater: checkEvery > 0 && slant % checkEvery == 0)
    }
}

/// One run that is to be made.
struct SeedJob: Equatable, Sendable {
    var scenario: String
    var seed: UInt64
    /// Whether it is to be run again afterwards, and compared.
    var isCheckedLater = false
    /// Whether it was run before, and is to be compared.
    var isCheck = false
}
