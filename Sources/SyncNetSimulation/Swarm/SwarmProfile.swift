package import SyncNetProtocol

/// The ranges from which a swarm draws its runs: for every seed other families of faults,
/// other strengths, another cluster, other people (Groce et al., ISSTA 2012).
package struct SwarmProfile: Equatable, Sendable {
    /// Its name: that of its file.
    package var name: String
    /// What it is about, in a line.
    package var about = "every fault there is, a different mixture for every seed"
    /// How many servers. Three and five are drawn more often than others.
    package var servers: ClosedRange<UInt64> = 1...9
    /// How many clients; small numbers more often.
    package var clients: ClosedRange<UInt64> = 1...9
    /// From which timing profile; one that stands there twice is drawn twice as often.
    package var timings: [TimingProfile] = [.lan, .lan, .lan, .guide, .wan]
    /// How long things go wrong, in times of the timing's death time.
    package var length: ClosedRange<UInt64> = 6...25
    /// How many things each client asks for, about; small numbers more often.
    package var orders: ClosedRange<UInt64> = 5...150
    /// How many faults are tried in a run, about; small numbers more often.
    package var strikes: ClosedRange<UInt64> = 2...40
    /// In how many of a hundred runs nothing goes wrong.
    package var calmPercent: UInt64 = 8
    /// How many of a hundred runs have a family of faults, each family for itself.
    package var familyPercent: UInt64 = 50
    /// How many kinds of a hundred are on in a family that is.
    package var kindPercent: UInt64 = 50
    /// In how many of a hundred runs faults are aimed at whoever leads.
    package var leaderPercent: UInt64 = 40
    /// In how many of a hundred runs servers keep their journals in memory, which is faster.
    package var memoryPercent: UInt64 = 25
    /// In how many of a hundred runs limits are so small that they are met.
    package var smallLimitsPercent: UInt64 = 60
    /// In how many of a hundred runs servers show rare but legal behaviour on purpose.
    package var faultPointsPercent: UInt64 = 40
    /// In how many of a hundred runs servers have ids whose order as text is not their rank.
    package var oddNamesPercent: UInt64 = 30
    /// In how many of a hundred runs two clients each go by one name, where nobody has accounts.
    package var sharedNamesPercent: UInt64 = 20
    /// In how many of a hundred runs plain clients send lines that make no sense.
    package var nonsensePercent: UInt64 = 50
    /// In how many of a hundred runs an operator adds and removes members.
    package var changingPercent: UInt64 = 20
    /// In how many of a hundred runs there are accounts, where members don't change.
    package var accountsPercent: UInt64 = 15
    /// The families that may be on.
    package var families: [FaultFamily] = FaultFamily.allCases
    /// Bugs that are planted.
    package var bugs: PlantedBugs = []

    /// Makes the default swarm.
    package init(name: String) { self.name = name }
}
