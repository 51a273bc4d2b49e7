import StateMachine
import Testing

@testable import SyncNetProtocol

/// Chen, Toueg & Aguilera (2002), theorem 5: what NFD-S promises with exponential delays.
struct FreshnessRow: Sendable, CustomStringConvertible {
    var shift: Interval
    var link: ExponentialLink
    /// Seconds between the beginnings of mistakes, E(T_MR).
    var recurrence: Double
    /// Seconds that a mistake lasts, E(T_M).
    var duration: Double
    /// The part of the time in which the detector is right, P_A.
    var accuracy: Double

    var description: String { "shift \(shift.nanoseconds) ns, \(link)" }

    init(
        _ shift: UInt64, _ lossPerMille: UInt64, _ meanDelay: UInt64,
        _ expected: (recurrence: Double, duration: Double, accuracy: Double)
    ) {
        self.shift = .milliseconds(shift)
        link = ExponentialLink(
            lossPerMille: lossPerMille, meanDelay: .milliseconds(meanDelay))
        (recurrence, duration, accuracy) = expected
    }

    /// With a heartbeat each second.
    static let table = [
        Self(1_000, 10, 20, (101.0101, 0.030101, 0.999702)),
        Self(1_500, 100, 300, (38.8105, 0.490594, 0.987359)),
        Self(2_000, 100, 300, (83.1585, 0.345280, 0.995848)),
        Self(500, 50, 200, (8.22947, 0.411053, 0.950051)),
    ]
}

/// A mean and its standard error.
struct Sample {
    private(set) var count = 0.0
    private var sum = 0.0
    private var sumOfSquares = 0.0

    mutating func add(_ value: Double) {
        count += 1
        sum += value
        sumOfSquares += value * value
    }

    var mean: Double { sum / count }
    var standardError: Double { ((sumOfSquares / count - mean * mean) / count).squareRoot() }
}

/// The mistakes about a process that never crashes.
struct Mistakes {
    var recurrence = Sample()
    var duration = Sample()

    init(_ row: FreshnessRow, count: Int, seed: UInt64) {
        var network = FreshnessNetwork(
            interval: .seconds(1), shift: row.shift, link: row.link, seed: seed)
        var begun: Instant?
        while recurrence.count < Double(count) {
            guard let opinion = network.step() else { continue }
            guard opinion == .suspects else {
                if let begun { duration.add(Self.seconds(network.now.since(begun))) }
                continue
            }
            if let begun { recurrence.add(Self.seconds(network.now.since(begun))) }
            begun = network.now
        }
    }

    private static func seconds(_ interval: Interval) -> Double {
        Double(interval.nanoseconds) / 1e9
    }
}

@Suite struct FreshnessDetectorTests {
    static let schedule = HeartbeatSchedule(interval: .milliseconds(100))

    func at(_ milliseconds: UInt64) -> Instant {
        Instant.zero + .milliseconds(milliseconds)
    }

    @Test func `a process is suspected until it is heard`() {
        var detector = FreshnessDetector(Self.schedule, shift: .milliseconds(30))
        #expect(detector.opinion == .suspects)
        #expect(detector.received(1, now: at(110)) == .trusts)
        #expect(detector.timeReached(at(130)) == nil)
    }

    @Test func `a process is suspected at the freshness point that no heartbeat has reached`() {
        var detector = FreshnessDetector(Self.schedule, shift: .milliseconds(30))
        #expect(detector.received(1, now: at(110)) == .trusts)
        #expect(detector.deadline(after: at(110)) == at(130))
        #expect(detector.deadline(after: at(130)) == at(230))
        #expect(detector.timeReached(Instant(nanoseconds: 229_999_999)) == nil)
        #expect(detector.timeReached(at(230)) == .suspects)
        #expect(detector.received(2, now: at(231)) == .trusts)
    }

    @Test func `an old heartbeat that comes late or twice proves nothing`() {
        var detector = FreshnessDetector(Self.schedule, shift: .milliseconds(30))
        #expect(detector.received(1, now: at(110)) == .trusts)
        #expect(detector.timeReached(at(230)) == .suspects)
        #expect(detector.received(1, now: at(240)) == nil)
        #expect(detector.opinion == .suspects)
    }

    @Test func `a heartbeat is good until the freshness point after its own`() {
        var detector = FreshnessDetector(Self.schedule, shift: .milliseconds(250))
        #expect(detector.received(3, now: at(310)) == .trusts)
        #expect(detector.received(2, now: at(320)) == nil)
        #expect(detector.timeReached(at(550)) == nil)
        #expect(detector.timeReached(at(650)) == .suspects)
    }

    @Test func `a sender that slept sends the newest heartbeat only`() {
        var sender = FreshnessSender(Self.schedule)
        #expect(sender.timeReached(at(99)) == nil)
        #expect(sender.timeReached(at(100)) == 1)
        #expect(sender.timeReached(at(100)) == nil)
        #expect(sender.timeReached(at(570)) == 5)
        #expect(sender.deadline == at(600))
    }

    @Test func `the delays of the measurement are exponential`() {
        let link = ExponentialLink(lossPerMille: 0, meanDelay: .seconds(1))
        var random = Generator(seed: 3)
        var delays = Sample()
        var long = 0.0
        for _ in 0..<40_000 {
            let seconds = Double(link.delay(&random).nanoseconds) / 1e9
            delays.add(seconds)
            if seconds > 2 { long += 1 }
        }
        #expect(abs(delays.mean - 1) < 4 / 200)  // four standard errors: 1 / sqrt(40000)
        #expect(abs(long / 40_000 - 0.135335) < 4 * 0.00171)  // exp(-2)
    }

    /// The tolerance is four standard errors of 2500 mistakes, as their spread shows it: fewer
    /// than one seed in ten thousand is further off where the detector is right.
    @Test(arguments: FreshnessRow.table)
    func `mistakes are as rare and as short as the paper says`(row: FreshnessRow) {
        let measured = Mistakes(row, count: 2_500, seed: 2002)
        let (recurrence, duration) = (measured.recurrence, measured.duration)
        #expect(abs(recurrence.mean - row.recurrence) < 4 * recurrence.standardError)
        #expect(abs(duration.mean - row.duration) < 4 * duration.standardError)

        let wrong = duration.mean / recurrence.mean
        let relative = [recurrence, duration].map { $0.standardError / $0.mean }
        let squares = relative[0] * relative[0] + relative[1] * relative[1]
        let wrongError = wrong * squares.squareRoot()
        #expect(abs(1 - wrong - row.accuracy) < 4 * wrongError)

        // So that the tolerance itself means something.
        #expect(relative[0] < 0.025)
        #expect(relative[1] < 0.08)
    }

    /// How long a crash stays unnoticed for good, and δ + η, in one random network.
    func detection(seed: UInt64, bugs: PlantedBugs = []) -> (time: Interval, bound: Interval) {
        var draw = Generator(seed: seed)
        let interval = Interval.milliseconds(draw.within(10...1_000))
        let shift = Interval.milliseconds(draw.within(0...3_000))
        let link = ExponentialLink(
            lossPerMille: draw.below(300), meanDelay: .milliseconds(draw.within(1...2_000)))
        var network = FreshnessNetwork(
            interval: interval, shift: shift, link: link, seed: draw.next(), bugs: bugs)
        network.duplicatesPerMille = draw.below(500)
        // Often right after a heartbeat has left, which is when it takes longest.
        let heartbeats = Instant.zero + interval * draw.within(1...30)
        let isRightAfter = draw.chance(1, in: 2)
        let after = isRightAfter ? 1 : draw.within(1...interval.nanoseconds)
        let crash = heartbeats + Interval(nanoseconds: after)
        network.crash = crash
        var suspectedSince = Instant.zero
        let end = crash + .seconds(30)
        while network.now < end {
            if network.step() == .suspects { suspectedSince = network.now }
        }
        #expect(network.detector.opinion == .suspects)
        return (suspectedSince.since(crash), shift + interval)
    }

    @Test func `every crash is noticed within shift and interval`() {
        var latest = 0.0
        for seed in 1...500 as ClosedRange<UInt64> {
            let (time, bound) = detection(seed: seed)
            #expect(time <= bound, "seed \(seed)")
            latest = max(latest, Double(time.nanoseconds) / Double(bound.nanoseconds))
        }
        #expect(latest > 0.999, "the bound is reached")
    }

    @Test func `a detector that is off by one interval is caught`() {
        let late = (1...100 as ClosedRange<UInt64>).count { seed in
            let (time, bound) = detection(seed: seed, bugs: .f7FreshOneIntervalLonger)
            return time > bound
        }
        #expect(late > 25)
    }
}
