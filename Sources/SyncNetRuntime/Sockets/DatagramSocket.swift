import NIOCore
import NIOPosix
import NodeRuntime

/// One UDP port: gathers what leaves in a tick, and hands over what arrives.
final class DatagramSocket: Flushable {
    private let channel: any Channel
    private let ticks: TickEnd
    private var isTouched = false

    init(over channel: any Channel, flushedBy ticks: TickEnd) {
        self.channel = channel
        self.ticks = ticks
    }

    func send(_ bytes: [UInt8], to address: SocketAddress) {
        let envelope = AddressedEnvelope(
            remoteAddress: address, data: channel.allocator.buffer(bytes: bytes))
        channel.write(envelope, promise: nil)
        guard !isTouched else { return }
        isTouched = true
        ticks.touch(self)
    }

    func flush() {
        isTouched = false
        channel.flush()
    }

    func close() { channel.close(promise: nil) }
}

/// Hands datagrams to the world.
final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let take: (ByteBuffer, SocketAddress) -> Void

    init(_ take: @escaping (ByteBuffer, SocketAddress) -> Void) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        take(envelope.data, envelope.remoteAddress)
    }

    // An earlier datagram that nobody took (ICMP "port unreachable") is reported on the next
    // call. A datagram may be lost: the socket lives on.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
