import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Turns a client's bytes into messages for the world.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let world: ServerWorld
    private var lines = LineReader(maxBytes: Limits.lineBytesMax)
    private var link: Link?

    init(of world: ServerWorld) { self.world = world }

    func channelActive(context: ChannelHandlerContext) {
        link = world.acceptClient(over: context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let link, !link.end.isClosing else { return }
        unwrapInboundIn(data).withUnsafeReadableBytes { lines.feed($0) }
        var hasLine = false
        while !link.end.isClosing, let line = lines.next() {
            hasLine = true
            switch line {
            case .line(let bytes): world.take(ClientCodec.decodeRequest(bytes), from: link)
            case .tooLong: world.take(ClientCodec.tooLongRequest(), from: link)
            }
        }
        link.manners?.heard(line: hasLine, begins: lines.pending > 0)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard let link else { return }
        let isWritable = context.channel.isWritable
        link.isHeard = isWritable
        // Who does not read its answers is not listened to either.
        context.channel.setOption(.autoRead, value: isWritable).whenFailure { _ in }
        world.writabilityChanged(of: link, isWritable: isWritable)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let link, case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        if link.end.isClosing { return context.close(promise: nil) }
        world.inputEnded(of: link)
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
