package import NIOCore

/// Something that gathers work and does it all at once.
package protocol Flushable: AnyObject {
    /// Does what was gathered.
    func flush()
}

/// Flushes once per tick of an event loop what was touched in it: many reads in one tick
/// cost few writes to the kernel.
package final class TickEnd {
    private let loop: any EventLoop
    private var touched: [any Flushable] = []

    /// Makes the end of the loop's ticks.
    package init(of loop: any EventLoop) { self.loop = loop }

    /// Flushes `item` at the end of this tick. The item sees to it that it is touched once.
    package func touch(_ item: any Flushable) {
        touched.append(item)
        guard touched.count == 1 else { return }
        loop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        let items = touched
        touched.removeAll(keepingCapacity: true)
        for item in items { item.flush() }
    }
}
