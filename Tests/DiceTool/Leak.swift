import Foundation
import Synchronization

/// Ways in which something that is not the seed gets into a run.
enum Leak: String, CaseIterable {
    case hashOrder = "hash-order"
    case wallClock = "wall-clock"
    case unseeded
    case address
    case thread
    /// None, for comparison: another way from one throw to the next, and the same in all runs.
    case sealed

    /// Those that let something in.
    static var open: [Leak] { allCases.filter { $0 != .sealed } }

    /// A number that is another one in another run.
    var number: UInt64 {
        switch self {
        case .hashOrder: return Set(1...1_000 as ClosedRange<UInt64>).first ?? 0
        case .wallClock: return UInt64(Date().timeIntervalSinceReferenceDate * 1e6)
        case .unseeded:
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        case .address:
            // Pages are what the kernel shifts.
            return UInt64(UInt(bitPattern: ObjectIdentifier(Box()))) >> 12
        case .thread: return Self.race()
        case .sealed: return 123
        }
    }

    /// How far one thread counts until another one is heard.
    private static func race() -> UInt64 {
        let flag = Flag()
        let other = Thread { flag.isSet.store(true, ordering: .relaxed) }
        other.start()
        var count: UInt64 = 0
        while !flag.isSet.load(ordering: .relaxed) { count += 1 }
        return count
    }

    private final class Box {}

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }
}
