import Dispatch
import Foundation
import Synchronization

/// Notices Ctrl-C, and the signal with which schedulers end a job, so that a command can end
/// with what it has.
final class Interruption {
    private final class Flag: Sendable {
        let signal = Mutex<Int32?>(nil)
    }

    private static let signals = [SIGINT, SIGTERM]
    private let flag: Flag
    private let sources: [any DispatchSourceSignal]

    init() {
        let flag = Flag()
        self.flag = flag
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.signal.withLock { $0 = $0 ?? number } }
            source.resume()
            // Not before: a signal would be lost between the two. Elsewhere the source itself
            // takes signals.
            #if canImport(Darwin)
                Foundation.signal(number, SIG_IGN)
            #endif
            return source
        }
    }

    var hasCome: Bool { signal != nil }

    /// The one that came; nil as long as none did.
    var signal: Int32? { flag.signal.withLock { $0 } }

    /// How shells tell that a process ended by a signal.
    static func exitCode(of signal: Int32) -> Int32 { 128 + signal }

    func stop() {
        for source in sources { source.cancel() }
        for number in Self.signals { Foundation.signal(number, SIG_DFL) }
    }
}
