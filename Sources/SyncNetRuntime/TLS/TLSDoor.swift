import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Looks at the first byte of a client's connection where TLS is spoken. Whoever does not begin
/// it is told so, in a line that every client reads.
final class TLSDoor: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// With this byte every client of TLS begins, and no line of ours.
    static let firstByte: UInt8 = 22
    /// How long a client may take to read why it is not let in.
    private static let lingering = TimeAmount.seconds(1)

    private enum Stage { case closed, open, refused }

    private let world: ServerWorld
    private var stage = Stage.closed

    init(of world: ServerWorld) { self.world = world }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if stage == .closed, let first = unwrapInboundIn(data).readableBytesView.first {
            stage = first == Self.firstByte ? .open : .refused
            if stage == .refused { refuse(context) }
        }
        if stage == .open { context.fireChannelRead(data) }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        world.count(
            .mismatchedTLS, "one without, from \(context.remoteAddress?.description ?? "?")")
        var bytes: [UInt8] = []
        let nack = ClientReply.nack(
            request: nil, .tlsRequired, detail: NackReason.tlsRequired.detail)
        ClientCodec.encode(
            Message(stamp: .zero, body: .reply(nack)), sender: world.ownID,
            createdAt: LoopClock<SyncNet>.read().wall.seconds, into: &bytes)
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
            context.close(promise: nil)
        }
    }
}
