import NodeRuntime

/// Lines for the multicast group that go out together at the end of a tick, as many in a datagram
/// as fit: under load one call of the kernel carries several messages.
///
/// A line that fits into none has one of its own.
final class MulticastPack: Flushable {
    private let bytesMost: Int
    private let ticks: TickEnd
    private let send: ([UInt8]) -> Void
    private var bytes: [UInt8] = []
    private var isTouched = false

    /// - Parameter bytesMost: What fits into a datagram with others; 0: every line goes alone.
    init(bytesMost: Int, flushedBy ticks: TickEnd, send: @escaping ([UInt8]) -> Void) {
        self.bytesMost = bytesMost
        self.ticks = ticks
        self.send = send
    }

    /// Adds a line with its end.
    func add(_ line: [UInt8]) {
        if !bytes.isEmpty, bytes.count + line.count > bytesMost { sendOut() }
        bytes += line
        guard !isTouched else { return }
        isTouched = true
        ticks.touch(self)
    }

    func flush() {
        isTouched = false
        if !bytes.isEmpty { sendOut() }
    }

    private func sendOut() {
        send(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
