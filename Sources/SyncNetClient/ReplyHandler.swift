import NIOCore
import NodeRuntime
import StateMachine
import SyncNetWire

/// Turns a server's bytes into messages for the client's world.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// A page of history is one line: a thousand messages of 16 KiB each, escaped.
    static let lineBytesMax = 1 << 27

    private let world: ClientWorld
    private let server: NodeID
    private var lines = LineReader(maxBytes: lineBytesMax)
    /// Set once the stream is open.
    var stream: StreamEnd?

    init(of world: ClientWorld, _ server: NodeID) {
        self.world = world
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let stream, !stream.isClosing else { return }
        unwrapInboundIn(data).withUnsafeReadableBytes { lines.feed($0) }
        while !stream.isClosing, let line = lines.next() {
            // A server that talks nonsense is left: the machine looks for another one.
            guard case .line(let bytes) = line, let message = try? ClientCodec.decodeReply(bytes)
            else { return stream.cut() }
            world.take(message, from: server, on: stream)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard let stream else { return }
        world.writabilityChanged(of: stream, isWritable: context.channel.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard let stream else { return }
        self.stream = nil
        world.ended(stream)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
