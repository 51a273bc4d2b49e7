import NIOCore

/// One direction of a relayed stream: what goes in at one channel comes out at the other in the
/// same order, each piece after its time, and nothing while the link is cut.
///
/// Belongs to the relay's event loop.
final class StreamPump {
    /// So much waits before nothing more is read.
    private static let waitingBytesMax = 4 << 20

    private let link: LinkState
    private let source: any Channel
    private let sink: any Channel
    private var waiting = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()
    private var waitingBytes = 0
    private var lastDue = NIODeadline.now()
    private var isReading = false
    private var hasEnded = false
    private var isOver = false
    private var alarm: Scheduled<Void>?

    init(over link: LinkState, from source: any Channel, to sink: any Channel) {
        self.link = link
        self.source = source
        self.sink = sink
        link.add(self)
    }

    func take(_ bytes: ByteBuffer) {
        lastDue = max(lastDue, .now() + link.patience())
        waiting.append((lastDue, bytes))
        waitingBytes += bytes.readableBytes
        if waitingBytes > Self.waitingBytesMax { read(false) }
        move()
    }

    /// The sender says no more.
    func end() {
        hasEnded = true
        move()
    }

    /// Lets out what is due.
    func move() {
        alarm?.cancel()
        alarm = nil
        guard !isOver, !link.weather.isCut else { return }
        let now = NIODeadline.now()
        while let first = waiting.first, first.due <= now {
            waiting.removeFirst()
            waitingBytes -= first.bytes.readableBytes
            link.tally.streamBytes += UInt64(first.bytes.readableBytes)
            sink.write(first.bytes, promise: nil)
        }
        sink.flush()
        if waitingBytes <= Self.waitingBytesMax / 2 { read(true) }
        if let first = waiting.first {
            alarm = source.eventLoop.assumeIsolated().scheduleTask(deadline: first.due) {
                self.move()
            }
        } else if hasEnded {
            finish()
        }
    }

    private func read(_ wanted: Bool) {
        guard isReading != wanted, !hasEnded else { return }
        isReading = wanted
        _ = source.setOption(.autoRead, value: wanted)
    }

    private func finish() {
        leave()
        sink.close(promise: nil)
    }

    /// Ends both channels, whatever still waits.
    func breakOff() {
        leave()
        source.close(promise: nil)
        sink.close(promise: nil)
    }

    /// Nothing comes out any more.
    func leave() {
        isOver = true
        alarm?.cancel()
        alarm = nil
        waiting.removeAll()
        link.remove(self)
    }
}

/// Hands what a channel reads to its pump.
final class PumpHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Where it goes; until then nothing is read.
    var pump: StreamPump?
    /// What comes the other way, and ends as well.
    var counterpart: StreamPump?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pump?.take(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        pump?.end()
        counterpart?.leave()
        (pump, counterpart) = (nil, nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
