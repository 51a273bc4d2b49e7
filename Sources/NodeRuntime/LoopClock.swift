import Foundation
package import NIOCore
package import StateMachine

/// The machine's clock, and the timers of one node on its event loop.
package final class LoopClock<Words: Vocabulary> {
    private struct Armed {
        var timer: Words.Timer
        var serial: UInt64
        var scheduled: Scheduled<Void>
    }

    private let loop: any EventLoop
    private let inbox: Inbox<Words>
    private var armed: [Armed] = []
    private var lastSerial: UInt64 = 0
    private var dice = SystemRandomNumberGenerator()

    /// Makes a clock whose timers fire into the inbox.
    package init(on loop: any EventLoop, into inbox: Inbox<Words>) {
        self.loop = loop
        self.inbox = inbox
    }

    /// What both clocks of this machine show.
    package static func read() -> ClockReading {
        let seconds = Date().timeIntervalSince1970
        return ClockReading(
            monotonic: Instant(nanoseconds: NIODeadline.now().uptimeNanoseconds),
            wall: WallTime(microseconds: Int64((seconds * 1_000_000).rounded())))
    }

    /// Fires the timer at a moment in the range, and forgets an earlier one of that name.
    package func arm(_ timer: Words.Timer, within range: ClosedRange<Interval>) {
        cancel(timer)
        let bounds = range.lowerBound.nanoseconds...range.upperBound.nanoseconds
        let delay = UInt64.random(in: bounds, using: &dice)
        lastSerial += 1
        let serial = lastSerial
        let scheduled = loop.assumeIsolated().scheduleTask(
            in: .nanoseconds(Int64(clamping: delay))
        ) { self.fire(serial) }
        armed.append(Armed(timer: timer, serial: serial, scheduled: scheduled))
    }

    /// Forgets the timer.
    package func cancel(_ timer: Words.Timer) {
        guard let slot = armed.firstIndex(where: { $0.timer == timer }) else { return }
        armed.remove(at: slot).scheduled.cancel()
    }

    /// Forgets all timers.
    package func cancelAll() {
        for one in armed { one.scheduled.cancel() }
        armed.removeAll()
    }

    // A task that the loop has already taken from its queue can't be cancelled any more:
    // the serial tells whether it is still wanted.
    private func fire(_ serial: UInt64) {
        guard let slot = armed.firstIndex(where: { $0.serial == serial }) else { return }
        inbox.put(.timer(armed.remove(at: slot).timer))
    }
}
