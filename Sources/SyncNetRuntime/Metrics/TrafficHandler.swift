import NIOCore

/// Counts the bytes of a stream on their way to and from the system.
final class TrafficHandler: ChannelInboundHandler, ChannelOutboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let world: ServerWorld
    private let carrier: Tally.Carrier

    init(of world: ServerWorld, carrier: Tally.Carrier) {
        self.world = world
        self.carrier = carrier
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        world.tally.receive(unwrapInboundIn(data).readableBytes, over: carrier)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        world.tally.send(unwrapOutboundIn(data).readableBytes, over: carrier)
        context.write(data, promise: promise)
    }
}
