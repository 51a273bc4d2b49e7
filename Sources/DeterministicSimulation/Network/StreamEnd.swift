enum EndState: UInt8 {
    /// The other side does not know of it yet.
    case unknown
    /// Asked for, not answered.
    case opening
    case open
    case closed
}

/// How the end of a stream reaches the other side.
enum StreamEnding: UInt8 {
    case none
    /// After all bytes.
    case finished
    /// At once; bytes on their way are gone.
    case reset
}

/// One end of a stream, and the bytes that it has sent and that have not arrived.
///
/// Ends 2k and 2k + 1 belong together; the even one opened the stream.
@usableFromInline
struct StreamEnd {
    @usableFromInline let node: Int
    var boot: UInt32
    var state: EndState
    /// What was sent and not read by the other side, from `head` on.
    @usableFromInline var out: [UInt8] = []
    @usableFromInline var head = 0
    /// The number of the event in which each message was sent that has not been read.
    @usableFromInline var events = EventTrail()
    /// So many bytes at the end of `out` were not yet given to the network.
    var unsettled = 0
    /// The sort of the first message among them, where somebody asks.
    var label: StaticString = ""
    /// So many bytes wait at a cut.
    var held = 0
    /// The ending that waits at a cut.
    var heldEnding = StreamEnding.none
    var ending = StreamEnding.none
    /// When the last of what was sent arrives; nothing overtakes it.
    var lastArrival: UInt64 = 0
    var isCongested = false
    var isGivingUp = false

    @usableFromInline var onItsWay: Int { out.count - head }

    mutating func consume(_ count: Int) {
        head += count
        if head == out.count {
            out.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1 << 16 {
            out.removeFirst(head)
            head = 0
        }
    }

    mutating func discard() {
        out = []
        head = 0
        unsettled = 0
        held = 0
        events.removeAll()
    }
}

/// Numbers of events, first in, first out.
@usableFromInline
struct EventTrail {
    private var numbers: [UInt64] = []
    private var head = 0

    mutating func append(_ number: UInt64) { numbers.append(number) }

    /// The first one; zero where there is none.
    @usableFromInline
    mutating func popFirst() -> UInt64 {
        guard head < numbers.count else { return 0 }
        head += 1
        let first = numbers[head - 1]
        if head == numbers.count {
            numbers.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1_024 {
            numbers.removeFirst(head)
            head = 0
        }
        return first
    }

    mutating func removeAll() {
        numbers = []
        head = 0
    }
}
