/// A rare but legal situation of the world, of which every run counts how often it came
/// about. A campaign that never reaches one is blind there.
public enum WorldPoint: UInt8, Equatable, Sendable, CaseIterable {
    /// Bytes of a stream could not get through, and were kept.
    case bytesWaitedAtCut
    /// An attempt to open a stream waited for the start of a process.
    case callerWaitedForStart
    /// Bytes of a stream were lost and sent again.
    case bytesSentAgain
    /// An attempt to open a stream, or the answer to it, was lost and sent again.
    case streamAskedAgain
    /// A side gave up a stream on which nothing got through.
    case streamGivenUp
    /// A stream was gone for one side only.
    case streamHalfOpen
    /// A process ended with a part of what it had sent still in its hands.
    case writeCutShort
    /// More was under way to a slow reader than its peer wanted to keep.
    case slowReaderCongested
    /// Bytes of a datagram had changed when it arrived.
    case datagramCorrupted
    /// The end of a datagram was cut off.
    case datagramTruncated
    /// A datagram found no place in a full buffer.
    case datagramCrowdedOut
    /// What arrived was no message.
    case malformed
    /// A message went between two versions of the format.
    case versionsMixed
    /// A crash interrupted a commit.
    case commitInterrupted
    /// A disk that does nothing kept an operation waiting.
    case diskWaited
    /// A node that starts waited for its disk.
    case startWaited
    /// A journal failed.
    case journalFailed
    /// A node could not start.
    case startFailed
    /// Something waited for a node that stood still.
    case eventWaited
    /// A node that had stood still came to what waited for it in another order.
    case wokeInAnotherOrder
    /// An armed timer waited for a clock that stood still.
    case timerWaited
    /// An armed timer's moment moved with the rate of its clock.
    case timerMoved
    /// A wall clock went back.
    case wallWentBack

    /// What happened, in words.
    public var words: String {
        switch self {
        case .bytesWaitedAtCut: "bytes waited at a cut"
        case .callerWaitedForStart: "caller waited for a start"
        case .bytesSentAgain: "bytes were lost and sent again"
        case .streamAskedAgain: "opening a stream was lost and tried again"
        case .streamGivenUp: "a stream was given up"
        case .streamHalfOpen: "a stream was half open"
        case .writeCutShort: "a crash cut what was sent in two"
        case .slowReaderCongested: "a slow reader made its peer wait"
        case .datagramCorrupted: "a datagram was corrupted"
        case .datagramTruncated: "a datagram was truncated"
        case .datagramCrowdedOut: "a full buffer dropped a datagram"
        case .malformed: "what arrived was no message"
        case .versionsMixed: "a message went between two versions of the format"
        case .commitInterrupted: "a crash interrupted a commit"
        case .diskWaited: "an operation waited for a stalled disk"
        case .startWaited: "a start waited for a stalled disk"
        case .journalFailed: "a journal failed"
        case .startFailed: "a node could not start"
        case .eventWaited: "an event waited for a node that stood still"
        case .wokeInAnotherOrder: "what waited was taken in another order"
        case .timerWaited: "a timer waited for a frozen clock"
        case .timerMoved: "a timer moved with the rate of its clock"
        case .wallWentBack: "a wall clock went back"
        }
    }
}

/// How often each kind of fault began, and each situation came about.
@usableFromInline
struct PointCounts {
    private var faults = [UInt64](repeating: 0, count: FaultKind.allCases.count)
    private var points = [UInt64](repeating: 0, count: WorldPoint.allCases.count)

    mutating func count(_ kind: FaultKind) { faults[Int(kind.rawValue)] &+= 1 }

    @usableFromInline
    mutating func count(_ point: WorldPoint) { points[Int(point.rawValue)] &+= 1 }

    /// The same with names.
    var list: [Counter] {
        FaultKind.allCases.map { Counter("fault: \($0.words)", faults[Int($0.rawValue)]) }
            + WorldPoint.allCases.map { Counter($0.words, points[Int($0.rawValue)]) }
    }
}
