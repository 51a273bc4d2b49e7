import NIOCore
import NodeRuntime
import StateMachine
import SyncNetWire

/// A stream that another server opened: its hello, then its frames.
final class IncomingPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How long the hello may take.
    private static let helloTime = TimeAmount.seconds(3)

    private let world: ServerWorld
    private var hello: [UInt8] = []
    private var frames = PeerFrames(maxBytes: ServerWorld.frameBytesMax)
    private var link: Link?

    init(of world: ServerWorld) { self.world = world }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.helloTime) {
            if self.link == nil { channel.close(promise: nil) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if link == nil {
            let missing = PeerHello.bytes - hello.count
            hello += buffer.readBytes(length: min(missing, buffer.readableBytes)) ?? []
            guard hello.count == PeerHello.bytes else { return }
            link = world.acceptPeer(PeerHello(hello), over: context.channel)
        }
        guard let link else { return context.close(promise: nil) }
        buffer.withUnsafeReadableBytes { frames.feed($0) }
        takeFrames(of: link)
    }

    private func takeFrames(of link: Link) {
        do {
            let passedOver = frames.unknownVersions
            while !link.end.isClosing, let message = try frames.next() {
                world.take(message, from: link)
            }
            if frames.unknownVersions > passedOver {
                world.count(.unknownVersion, "from \(world.name(of: link.peer))")
            }
        } catch {
            world.count(.undecodableFrame, "\(error) from \(world.name(of: link.peer))")
            link.end.cut()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let link else { return }
        self.link = nil
        world.ended(link)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// A stream that this server opened: only its end is ever read from it.
final class OutgoingPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let world: ServerWorld
    /// Set once the stream is open.
    var link: Link?

    init(of world: ServerWorld) { self.world = world }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        world.count(.misplacedMessage, "an answer on a stream that goes one way")
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard let link else { return }
        world.writabilityChanged(of: link, isWritable: context.channel.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let link else { return }
        self.link = nil
        world.ended(link)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
