/// Rare but legal behaviour that the simulator has servers show on purpose, as FoundationDB's
/// "buggify" does: no property may depend on its absence.
///
/// Handed over at construction, all off by default; nothing outside tests and the simulator
/// can make any. A machine draws no random numbers, so a hash of a counter decides, which
/// begins at a salt.
package struct FaultPoints: Equatable, Sendable {
    /// The places at which something may be done otherwise.
    package struct Kinds: OptionSet, Equatable, Sendable {
        package var rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        private init(bit: UInt32) { rawValue = 1 << bit }

        /// An append carries one entry.
        package static let tinyBatches = Kinds(bit: 0)
        /// A token is sent again after a quarter of its time.
        package static let earlyTimeouts = Kinds(bit: 1)
        /// A silent peer is suspected in half of its time.
        package static let earlySuspicions = Kinds(bit: 2)
        /// A leader gives up.
        package static let stepDowns = Kinds(bit: 3)
        /// A client's connection counts as full: it gets a message from the journal.
        package static let fullBuffers = Kinds(bit: 4)
        /// Followers learn the commit index with the next heartbeat only.
        package static let withheldCommits = Kinds(bit: 5)
        /// A token goes out twice.
        package static let doubledTokens = Kinds(bit: 6)
        /// A stream to a peer is closed, to be opened again.
        package static let reopenedStreams = Kinds(bit: 7)
        /// A subscription catches up by one message at a time.
        package static let smallPages = Kinds(bit: 8)
        /// What is committed is applied later.
        package static let delayedApplies = Kinds(bit: 9)
        /// A heartbeat that wants no answer is left out.
        package static let skippedHeartbeats = Kinds(bit: 10)
        /// A leader takes no more on.
        package static let refusedRequests = Kinds(bit: 11)
        /// Applied state is stored at once.
        package static let eagerStores = Kinds(bit: 12)
        /// A vote is refused for no reason.
        package static let withheldVotes = Kinds(bit: 13)
        /// A follower acknowledges twice.
        package static let doubledAnswers = Kinds(bit: 14)
        /// A request that may be repeated is sent to the leader twice.
        package static let doubledRelays = Kinds(bit: 15)
        /// A peer is probed that gave no reason.
        package static let needlessProbes = Kinds(bit: 16)
        /// Applied entries are not kept in memory: followers are fed from the journal.
        package static let emptyCaches = Kinds(bit: 17)
        /// A server lets a smaller token pass: who may lead is up to the votes.
        package static let uncomparedTokens = Kinds(bit: 18)
        /// Answers to what peers have relayed wait for a later heartbeat.
        package static let lateAnswers = Kinds(bit: 19)

        /// How many there are.
        package static let count = 20
        /// All of them.
        package static let all = Kinds(rawValue: 1 << UInt32(count) - 1)
    }

    /// None.
    package static let none = FaultPoints([], oneIn: 1, salt: 0)

    /// How much rarer it is what keeps somebody from getting on.
    private static let rare: UInt64 = 8
    /// How much rarer it is what disturbs the whole cluster.
    private static let seldom: UInt64 = 32

    /// Which are on.
    package let kinds: Kinds
    private let period: UInt64
    private var state: UInt64

    /// Makes points that are hit about once in `period` times.
    package init(_ kinds: Kinds, oneIn period: UInt64, salt: UInt64) {
        self.kinds = kinds
        self.period = max(period, 1)
        state = salt
    }

    /// Goes on otherwise than at another start.
    package mutating func begin(boot: UInt64) { state ^= boot &* 0xD1B5_4A32_D192_ED03 }

    /// Whether to behave in the rare way this time.
    @inline(__always)
    package mutating func hits(_ kind: Kinds) -> Bool {
        kinds.contains(kind) && isDrawn(oneIn: period)
    }

    /// The same for what keeps somebody from getting on.
    @inline(__always)
    package mutating func rarelyHits(_ kind: Kinds) -> Bool {
        kinds.contains(kind) && isDrawn(oneIn: period * Self.rare)
    }

    /// The same for what disturbs the whole cluster.
    @inline(__always)
    package mutating func seldomHits(_ kind: Kinds) -> Bool {
        kinds.contains(kind) && isDrawn(oneIn: period * Self.seldom)
    }

    private mutating func isDrawn(oneIn period: UInt64) -> Bool {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state &>> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ mixed &>> 31) % period == 0
    }
}
