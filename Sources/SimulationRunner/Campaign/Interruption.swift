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
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.signal.withLock { $0 = $0 ?? number } }
            source.resume()
            return source
        }
    }

    var hasCome: Bool { flag.signal.withLock { $0 } != nil }

    func stop() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}
