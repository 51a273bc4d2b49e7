import Foundation
import Synchronization

/// A way in which something of the real world leaks into a simulation.
enum Leak: String, CaseIterable {
    case none
    /// The order of a `Set` differs from process to process.
    case hashOrder = "hash-order"
    /// What time it is.
    case wallClock = "wall-clock"
    /// Random numbers that no seed explains.
    case unseeded
    /// Where the heap lies.
    case address
    /// How far another thread has come.
    case thread

    /// A number below a million that should be the same in every run, and is not.
    func number(_ turn: UInt64) -> UInt64 {
        let number: UInt64 =
            switch self {
            case .none: turn
            case .hashOrder: Set(0..<100 as Range<UInt64>).prefix(5).reduce(0) { $0 * 100 + $1 }
            case .wallClock: UInt64(Date().timeIntervalSince1970 * 1e6)
            case .unseeded: SystemRandomNumberGenerator.draw()
            case .address: Witness.key()
            case .thread: Runner.shared.steps
            }
        return number % 1_000_000
    }
}

extension SystemRandomNumberGenerator {
    fileprivate static func draw() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// Somebody whose address is taken for a name.
private final class Witness {
    static func key() -> UInt64 {
        let witness = Witness()
        return UInt64(UInt(bitPattern: ObjectIdentifier(witness))) >> 4
    }
}

/// A thread that counts as fast as it can.
private final class Runner: Sendable {
    static let shared = Runner()
    private let count = Mutex<UInt64>(0)

    private init() {
        Thread.detachNewThread { [self] in
            while true { count.withLock { $0 += 1 } }
        }
    }

    var steps: UInt64 {
        // As a machine that waits for somebody else's work would.
        Thread.sleep(forTimeInterval: 0.000_1)
        return count.withLock { $0 }
    }
}
