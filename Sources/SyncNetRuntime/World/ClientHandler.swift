import NIOCore
import NIOSSL
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
    private var hasBegun = false

    init(of world: ServerWorld) { self.world = world }

    func channelActive(context: ChannelHandlerContext) {
        link = world.acceptClient(over: context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let link, !link.end.isClosing else { return }
        let buffer = unwrapInboundIn(data)
        guard hasBegun || world.tls != nil || buffer.readableBytesView.first != TLSDoor.firstByte
        else { return refuseTLS(on: link) }
        hasBegun = true
        buffer.withUnsafeReadableBytes { lines.feed($0) }
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

    /// What is no TLS tells a client of TLS at once that there is none.
    private func refuseTLS(on link: Link) {
        world.count(.mismatchedTLS, "one with, from \(link.manners?.address ?? "?")")
        world.reply(
            .nack(request: nil, .badRequest, detail: "this server does not speak TLS"), on: link)
        link.end.close()
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
        switch error {
        // Lines have ends of their own: one that has come is whole, and is answered.
        case NIOSSLError.uncleanShutdown: return
        case NIOSSLError.handshakeFailed where TLSFailure(error) != .ended:
            world.count(
                .failedHandshake, "\(link?.manners?.address ?? "?") \(TLSFailure(error).words)")
        default: break
        }
        context.close(promise: nil)
    }
}
