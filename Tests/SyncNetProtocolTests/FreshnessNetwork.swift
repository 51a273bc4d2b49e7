import StateMachine

@testable import SyncNetProtocol

/// A link that loses heartbeats independently and delays them exponentially, in simulated time.
struct ExponentialLink: CustomStringConvertible {
    var lossPerMille: UInt64
    var meanDelay: Interval

    var description: String { "loss \(lossPerMille)/1000, delay \(meanDelay.nanoseconds) ns" }

    /// Exponential by comparisons alone (von Neumann, "Various techniques used in connection
    /// with random digits", 1951), so that a seed means the same on every machine.
    func delay(_ random: inout Generator) -> Interval {
        var whole: UInt64 = 0
        while true {
            let first = random.next()
            var last = first
            var isOdd = true
            while case let next = random.next(), next < last {
                last = next
                isOdd.toggle()
            }
            let mean = meanDelay.nanoseconds
            if isOdd {
                let part = first.multipliedFullWidth(by: mean).high
                return Interval(nanoseconds: whole * mean + part)
            }
            whole += 1
        }
    }
}

/// One sender and one detector on the same ideal clock, with a link between them.
struct FreshnessNetwork: ~Copyable {
    var now = Instant.zero
    var detector: FreshnessDetector
    var random: Generator
    /// The moment from which on the sender is dead.
    var crash: Instant?
    var duplicatesPerMille: UInt64 = 0
    private(set) var sent: UInt64 = 0
    private var sender: FreshnessSender
    private let link: ExponentialLink
    private var underway: [(at: Instant, heartbeat: UInt64)] = []

    init(
        interval: Interval, shift: Interval, link: ExponentialLink, seed: UInt64,
        bugs: PlantedBugs = []
    ) {
        let schedule = HeartbeatSchedule(interval: interval)
        sender = FreshnessSender(schedule)
        detector = FreshnessDetector(schedule, shift: shift, bugs: bugs)
        random = Generator(seed: seed)
        self.link = link
    }

    /// Lets the next thing happen. Returns a change of opinion, if there was one.
    mutating func step() -> FreshnessDetector.Opinion? {
        let freshness = detector.deadline(after: now)
        let arrival = underway.indices.min { underway[$0].at < underway[$1].at }
        let arrivesAt = arrival.map { underway[$0].at } ?? freshness
        let isAlive = crash.map { sender.deadline < $0 } ?? true
        if isAlive, sender.deadline <= min(freshness, arrivesAt) {
            send()
            return nil
        }
        if let arrival, arrivesAt <= freshness {
            now = arrivesAt
            return detector.received(underway.remove(at: arrival).heartbeat, now: now)
        }
        now = freshness
        return detector.timeReached(now)
    }

    /// The sender's turn comes before that of the detector at the same moment, which may be
    /// a freshness point that has not been looked at: so `now` stays just before it.
    private mutating func send() {
        let moment = sender.deadline
        guard let heartbeat = sender.timeReached(moment) else { return }
        sent += 1
        now = Instant(nanoseconds: max(now.nanoseconds, moment.nanoseconds - 1))
        repeat {
            guard !random.chance(link.lossPerMille, in: 1_000) else { continue }
            underway.append((moment + link.delay(&random), heartbeat))
        } while random.chance(duplicatesPerMille, in: 1_000)
    }
}
