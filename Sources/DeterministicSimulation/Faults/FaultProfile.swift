public import StateMachine

/// How often a nemesis draws one kind of fault, and how long that lasts.
public struct FaultChoice: Equatable, Sendable {
    /// The kind.
    public var kind: FaultKind
    /// How likely it is, relative to the others.
    public var weight: UInt32
    /// How long it lasts. For crashes: how long the node stays down.
    public var lasting: ClosedRange<Interval>

    /// Makes a choice.
    public init(
        _ kind: FaultKind, weight: UInt32 = 1,
        lasting: ClosedRange<Interval> = .milliseconds(100)...(.seconds(5))
    ) {
        self.kind = kind
        self.weight = weight
        self.lasting = lasting
    }
}

/// How many members may be hit at a time: be down or stand still, or have a spoilt disk.
public enum DownLimit: Equatable, Sendable {
    /// Fewer than half.
    case minority
    /// At most so many.
    case count(Int)
    /// Any number.
    case all

    /// The same as a number, of so many members.
    public func most(of members: Int) -> Int {
        switch self {
        case .minority: members > 0 ? (members - 1) / 2 : 0
        case .count(let count): min(count, members)
        case .all: members
        }
    }
}

/// The ranges from which a nemesis draws its faults.
public struct FaultProfile: Equatable, Sendable {
    /// What can happen. Empty: nothing does.
    public var choices: [FaultChoice]
    /// How long it waits from one fault to the beginning of the next.
    public var pause: ClosedRange<Interval>
    /// How many faults may be in force at a time.
    public var atOnce: Int
    /// How many members may be down at a time.
    public var down: DownLimit
    /// How many members' disks may be spoilt at a time: may have lost what they had promised
    /// to keep, with nobody having said that they are whole again. Of those that are emptied
    /// there is a minority at a time in any case.
    public var spoilt: DownLimit
    /// When it begins.
    public var from: Interval
    /// When it stops beginning faults, and ends those in force. Nil: never.
    public var until: Interval?
    /// The strongest loss, doubling and holding back that it draws.
    public var packetsPerMillion: ClosedRange<UInt32>
    /// The delay that it draws for slow links, slow networks and slow nodes.
    public var delay: ClosedRange<Interval>
    /// How many bytes of a datagram get through where datagrams are truncated.
    public var mtu: ClosedRange<UInt32> = 16...1_400
    /// How much narrow links carry, and slow readers read.
    public var bytesPerSecond: ClosedRange<UInt32> = 5_000...1_000_000
    /// How many bytes may wait at a narrow link with a small buffer.
    public var bufferBytes: ClosedRange<UInt32> = 1_500...64_000
    /// How large the pieces are in which streams are read and written.
    public var pieceBytes: ClosedRange<UInt32> = 1...64
    /// How much crooked clocks count in a million of true time.
    public var clockRate: ClosedRange<UInt32> = 900_000...1_100_000
    /// How far wall clocks step, forward or back.
    public var wallStep: ClosedRange<Interval> = .seconds(1)...(.seconds(86_400))

    /// Makes a profile.
    public init(
        _ choices: [FaultChoice],
        pause: ClosedRange<Interval> = .milliseconds(200)...(.seconds(5)), atOnce: Int = 2,
        down: DownLimit = .minority, spoilt: DownLimit = .minority, from: Interval = .zero,
        until: Interval? = nil,
        packetsPerMillion: ClosedRange<UInt32> = 10_000...300_000,
        delay: ClosedRange<Interval> = .milliseconds(10)...(.milliseconds(500))
    ) {
        self.choices = choices
        self.pause = pause
        self.atOnce = atOnce
        self.down = down
        self.spoilt = spoilt
        self.from = from
        self.until = until
        self.packetsPerMillion = packetsPerMillion
        self.delay = delay
    }

    /// No faults.
    public static let calm = FaultProfile([])

    /// Every kind of fault, each as likely.
    public static let everything = FaultProfile(FaultKind.allCases.map { FaultChoice($0) })
}
