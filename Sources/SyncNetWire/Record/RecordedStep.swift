package import StateMachine
package import SyncNetProtocol

/// One event of a machine, as it stands in a record.
package struct RecordedStep: Equatable, Sendable {
    /// What followed from the event.
    package enum Consequence: Equatable, Sendable {
        /// A digest of the effects.
        case digest(EffectsDigest)
        /// The effects themselves.
        case effects([Effect<SyncNet>])

        /// The digest of the effects.
        package var digest: EffectsDigest {
            switch self {
            case .digest(let digest): digest
            case .effects(let effects): EffectsDigest(effects)
            }
        }
    }

    /// Counted from 1.
    package var number: UInt64
    /// What the clocks showed.
    package var now: ClockReading
    /// The event.
    package var event: Event<SyncNet>
    /// What followed.
    package var consequence: Consequence

    /// Makes a step.
    package init(
        number: UInt64, now: ClockReading, event: Event<SyncNet>, consequence: Consequence
    ) {
        self.number = number
        self.now = now
        self.event = event
        self.consequence = consequence
    }
}

/// Why nothing more stands in a record.
package enum RecordEnd: UInt8, Equatable, Sendable, CaseIterable {
    /// The server stopped.
    case stopped
    /// The server's records are as large as they may be.
    case limit
}

extension RecordEnd: RecordedCase {}

/// The time of a step is told by the time since the one before it.
struct RecordClock {
    private var former = ClockReading(monotonic: .zero, wall: WallTime(microseconds: 0))

    mutating func write(_ now: ClockReading, into bytes: inout [UInt8]) {
        let passed = now.monotonic.nanoseconds &- former.monotonic.nanoseconds
        let drift = now.wall.microseconds &- expectedWall(after: passed)
        bytes.varint(passed)
        bytes.varint(UInt64(bitPattern: drift << 1 ^ drift >> 63))
        former = now
    }

    mutating func read(from reader: inout ByteReader) throws(WireError) -> ClockReading {
        let passed = try reader.varint()
        let folded = try reader.varint()
        let drift = Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
        former = ClockReading(
            monotonic: Instant(nanoseconds: former.monotonic.nanoseconds &+ passed),
            wall: WallTime(microseconds: expectedWall(after: passed) &+ drift))
        return former
    }

    private func expectedWall(after passed: UInt64) -> Int64 {
        former.wall.microseconds &+ Int64(bitPattern: passed) / 1_000
    }
}
