import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// A stream to another server, which may be used now.
struct OpenedStream {
    var peer: NodeID
    var channel: any Channel
    /// In which version this server speaks on it.
    var version: PeerVersion
    /// What is still to be sent before the first frame.
    var beginning: [UInt8]
    /// What marks the frames, where the servers share a secret.
    var key: StreamKey?
}

/// A stream that this server opened: but for the answer to its offer, only its end is ever
/// read from it.
final class OutgoingPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Why a stream is not used.
    private struct Unproven: Error {}

    private let world: ServerWorld
    private let hello: PeerHello
    private let peer: NodeID
    private var handshake: OpenerHandshake?
    private var opening: EventLoopPromise<OpenedStream>?
    private var answer: [UInt8] = []
    /// Set once the stream is open.
    var link: Link?

    init(of world: ServerWorld, _ hello: PeerHello, to peer: NodeID) {
        self.world = world
        self.hello = hello
        self.peer = peer
    }

    /// Proves this server to the other one, and the other way round, where there is a secret.
    func begin(over channel: any Channel) -> EventLoopFuture<OpenedStream> {
        let opening = channel.eventLoop.makePromise(of: OpenedStream.self)
        guard let secret = world.settings.settings.secret else {
            opening.assumeIsolated().succeed(
                OpenedStream(
                    peer: peer, channel: channel, version: hello.version,
                    beginning: hello.encoded, key: nil))
            return opening.futureResult
        }
        let handshake = OpenerHandshake(hello, to: peer, secret: secret)
        self.handshake = handshake
        self.opening = opening
        channel.writeAndFlush(channel.allocator.buffer(bytes: handshake.offer), promise: nil)
        let limit = TimeAmount(world.settings.settings.timing.connect)
        channel.eventLoop.assumeIsolated().scheduleTask(in: limit) { self.fail(channel) }
        if !channel.isActive { fail(channel) }
        return opening.futureResult
    }

    private func fail(_ channel: any Channel) {
        guard let opening else { return }
        self.opening = nil
        channel.close(promise: nil)
        opening.fail(Unproven())
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let opening, let handshake else {
            world.count(.misplacedMessage, "an answer on a stream that goes one way")
            return context.close(promise: nil)
        }
        answer += Array(unwrapInboundIn(data).readableBytesView)
        guard answer.count >= StreamHandshake.answerBytes else { return }
        guard let (proof, key) = handshake.finish(answer) else {
            world.countUnauthenticated(
                "\(world.name(of: peer)) answers a stream with another secret or none")
            return fail(context.channel)
        }
        self.opening = nil
        opening.assumeIsolated().succeed(
            OpenedStream(
                peer: peer, channel: context.channel, version: hello.version, beginning: proof,
                key: key))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard let link else { return }
        world.writabilityChanged(of: link, isWritable: context.channel.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context.channel)
        guard let link else { return }
        self.link = nil
        world.ended(link)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
