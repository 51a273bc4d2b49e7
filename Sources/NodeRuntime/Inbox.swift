import NIOCore
package import StateMachine

/// The events of one machine, handed over one after the other.
///
/// An effect may cause an event at once (a write that fails closes its stream); the machine
/// is busy then, so the event waits here until the effects before it are performed.
/// Belongs to one event loop.
package final class Inbox<Words: Vocabulary> {
    private var waiting = CircularBuffer<Event<Words>>()
    private var isBusy = false
    private var take: ((Event<Words>) -> Void)?

    /// Makes an inbox that nobody reads yet: what is put in is dropped.
    package init() {}

    /// Whether somebody reads.
    package var isOpen: Bool { take != nil }

    /// Lets `take` have every event from now on.
    package func open(_ take: @escaping (Event<Words>) -> Void) { self.take = take }

    /// Drops what waits and all that comes later.
    package func close() {
        take = nil
        waiting.removeAll()
    }

    /// Hands over an event, after all that were put in before it.
    package func put(_ event: Event<Words>) {
        guard take != nil else { return }
        waiting.append(event)
        guard !isBusy else { return }
        isBusy = true
        defer { isBusy = false }
        while let next = waiting.popFirst() { take?(next) }
    }
}
