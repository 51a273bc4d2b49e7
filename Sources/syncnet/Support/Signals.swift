import Dispatch
import Foundation

/// Ctrl-C and SIGTERM as values instead of sudden ends.
enum Signals {
    /// Calls back once per signal that asks the process to stop.
    ///
    /// The sources live as long as the returned value is kept.
    static func onStop(_ act: @escaping @Sendable (Int32) -> Void) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { act(number) }
            source.resume()
            return source
        }
    }

    /// From now on these signals end the process again.
    static func forget(_ sources: [any DispatchSourceSignal]) {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    }

    /// Calls back for each signal of this kind, as long as the returned value is kept.
    static func on(_ number: Int32, _ act: @escaping @Sendable () -> Void)
        -> any DispatchSourceSignal
    {
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { act() }
        source.resume()
        return source
    }

    /// Calls back once when nobody reads the output any more, also while nothing is written.
    static func onLostReader(_ act: @escaping @Sendable () -> Void) {
        Thread.detachNewThread {
            var output = pollfd(fd: 1, events: 0, revents: 0)
            while poll(&output, 1, -1) < 0 && errno == EINTR {}
            act()
        }
    }

    /// A reader that goes away shows as a failed write, not as a dead process.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
