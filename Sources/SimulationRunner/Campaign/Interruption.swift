import Dispatch
import Foundation
import Synchronization

/// Notices Ctrl-C, so that a command can end with what it has.
final class Interruption {
    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    private let flag: Flag
    private let source: any DispatchSourceSignal

    init() {
        let flag = Flag()
        self.flag = flag
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { flag.isSet.withLock { $0 = true } }
        source.resume()
    }

    var hasCome: Bool { flag.isSet.withLock { $0 } }

    func stop() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
