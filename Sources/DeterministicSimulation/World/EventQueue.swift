/// What kind of thing happens at a moment.
@usableFromInline
enum DueKind: UInt8 {
    // Seen by a machine: these wait while it stands still.
    case start, input, datagram, timer, streamBytes, streamEnd, disk
    case accepted, opened, refused, unreachable, congested, drained, closed
    // Between kernels, and the world's own.
    case connecting, connectAnswer, connectTimeout, giveUp, streamWrite, late
    case alarm, ambush, faultStep, faultEnd, nemesis

    var isSeenByMachine: Bool { rawValue <= DueKind.closed.rawValue }
}

/// One thing that will happen. Small, since the queue moves it about; bytes and values stand
/// in slots of their own.
@usableFromInline
struct Due {
    /// True time in nanoseconds.
    @usableFromInline var at: UInt64
    /// Breaks ties: first in, first out.
    @usableFromInline var order: UInt64
    /// Means what the kind says.
    @usableFromInline var stamp: UInt64
    /// Slot of a packet, a stream end, a timer, an input or a fault.
    @usableFromInline var index: UInt32
    private var kindAndNode: UInt32

    init(_ kind: DueKind, at: UInt64, order: UInt64, node: Int, index: Int, stamp: UInt64) {
        self.at = at
        self.order = order
        self.stamp = stamp
        self.index = UInt32(truncatingIfNeeded: index)
        kindAndNode = UInt32(kind.rawValue) << 24 | UInt32(truncatingIfNeeded: node) & 0xFF_FFFF
    }

    @usableFromInline
    var kind: DueKind { DueKind(rawValue: UInt8(kindAndNode >> 24)) ?? .alarm }

    @usableFromInline
    var node: Int { Int(kindAndNode & 0xFF_FFFF) }

    @inline(__always)
    func precedes(_ other: Due) -> Bool { key < other.key }

    /// Both in one number, so that comparing is not a guess at which of them decides.
    @inline(__always)
    private var key: UInt128 { UInt128(at) << 64 | UInt128(order) }
}

/// What will happen, soonest first; what falls on one moment, in the order of insertion.
///
/// A heap of four children per node: half as deep as a binary one, and its children share
/// cache lines.
struct EventQueue {
    private var heap: [Due] = []
    private var nextOrder: UInt64 = 0

    init() { heap.reserveCapacity(1024) }

    var isEmpty: Bool { heap.isEmpty }

    var soonest: UInt64? { heap.first?.at }

    mutating func push(
        _ kind: DueKind, at: UInt64, node: Int = 0, index: Int = 0, stamp: UInt64 = 0
    ) {
        let due = Due(kind, at: at, order: nextOrder, node: node, index: index, stamp: stamp)
        nextOrder += 1
        insert(due)
    }

    /// Puts something that waited in again, behind all that is due at the same moment.
    mutating func pushAgain(_ waiting: Due, at: UInt64) {
        var due = waiting
        due.at = at
        due.order = nextOrder
        nextOrder += 1
        insert(due)
    }

    private mutating func insert(_ due: Due) {
        heap.append(due)
        heap.withUnsafeMutableBufferPointer { heap in
            var hole = heap.count - 1
            while hole > 0 {
                let parent = (hole - 1) / 4
                guard due.precedes(heap[parent]) else { break }
                heap[hole] = heap[parent]
                hole = parent
            }
            heap[hole] = due
        }
    }

    mutating func pop() -> Due? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        heap.withUnsafeMutableBufferPointer { heap in
            let count = heap.count
            var hole = 0
            while true {
                let child = hole * 4 + 1
                guard child < count else { break }
                var least = child
                for other in child + 1..<max(min(child + 4, count), child + 1)
                where heap[other].precedes(heap[least]) {
                    least = other
                }
                guard heap[least].precedes(last) else { break }
                heap[hole] = heap[least]
                hole = least
            }
            heap[hole] = last
        }
        return first
    }
}
