package import NIOCore
package import StateMachine

/// This node's end of one stream: gathers what is sent in a tick, and closes without losing
/// what was sent before.
package final class StreamEnd: Flushable {
    /// So much is gathered before the tick ends.
    private static let gatheredBytesMax = 1 << 16
    /// How long a peer may take to read what was sent before its stream is cut.
    private static let lingering = TimeAmount.seconds(1)

    /// Its name in the machine.
    package let id: StreamID
    private let channel: any Channel
    private let ticks: TickEnd
    private let backlogBytesMax: Int
    private var gathered: [UInt8] = []
    private var isTouched = false
    /// Whether this side has asked for its end: nothing is sent or taken any more.
    package private(set) var isClosing = false

    /// Makes the end of a stream that runs over the channel. A peer that lets more than
    /// `backlogBytesMax` wait is cut off: it does not read, and memory is not endless.
    package init(
        _ id: StreamID, over channel: any Channel, flushedBy ticks: TickEnd,
        backlogBytesMax: Int = 1 << 27
    ) {
        self.backlogBytesMax = backlogBytesMax
        self.id = id
        self.channel = channel
        self.ticks = ticks
    }

    /// Sends what `encode` appends, in this tick. Without effect where the stream has ended.
    package func send(_ encode: (inout [UInt8]) -> Void) {
        guard !isClosing else { return }
        encode(&gathered)
        if gathered.count >= Self.gatheredBytesMax { return write() }
        guard !isTouched, !gathered.isEmpty else { return }
        isTouched = true
        ticks.touch(self)
    }

    /// Gives what was gathered to the kernel.
    package func flush() {
        isTouched = false
        write()
    }

    private func write() {
        guard !gathered.isEmpty else { return }
        channel.writeAndFlush(takeGathered(), promise: nil)
        guard !channel.isWritable, let options = channel.syncOptions,
            let waiting = try? options.getOption(.bufferedWritableBytes)
        else { return }
        if waiting > backlogBytesMax { cut() }
    }

    private func takeGathered() -> ByteBuffer {
        let buffer = channel.allocator.buffer(bytes: gathered)
        if gathered.capacity > Self.gatheredBytesMax {
            gathered = []
        } else {
            gathered.removeAll(keepingCapacity: true)
        }
        return buffer
    }

    /// Ends the stream after what was sent on it.
    ///
    /// The sending half first: closing a socket that has unread input would make the kernel
    /// throw away what the peer has not read yet.
    package func close() {
        guard !isClosing else { return }
        isClosing = true
        let channel = channel
        channel.writeAndFlush(takeGathered()).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
        channel.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
            channel.close(promise: nil)
        }
    }

    /// Ends the stream at once, whatever was not sent yet.
    package func cut() {
        isClosing = true
        gathered = []
        channel.close(promise: nil)
    }
}
