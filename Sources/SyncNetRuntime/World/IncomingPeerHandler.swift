import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// A stream that another server opened: its beginning, then its frames.
final class IncomingPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How long the beginning may take.
    private static let beginningTime = TimeAmount.seconds(3)

    /// How far the beginning has come.
    private enum Stage {
        case hello
        /// What was offered is answered; the proof is missing.
        case proof(AcceptorHandshake)
        case open(Link)
        case refused
    }

    private let world: ServerWorld
    private var stage = Stage.hello
    private var beginning: [UInt8] = []
    private var frames = PeerFrames(maxBytes: ServerWorld.frameBytesMax)
    private var sealedFrames: SealedFrames?
    /// Whether it counts among those whose opener is not known yet.
    private var isCounted = false

    init(of world: ServerWorld) { self.world = world }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        world.unproven += 1
        isCounted = true
        let limit = world.settings.settings.network.unprovenStreams
        guard world.unproven <= limit else {
            world.count(.crowdedStreams, "from \(channel.remoteAddress?.description ?? "?")")
            return refuse(channel)
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.beginningTime) {
            if case .open = self.stage { return }
            if channel.isActive {
                self.world.count(
                    .silentStream, "from \(channel.remoteAddress?.description ?? "?")")
            }
            channel.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        takeBeginning(&buffer, context.channel)
        guard case .open(let link) = stage else { return }
        takeFrames(&buffer, of: link)
    }

    private func takeBeginning(_ buffer: inout ByteBuffer, _ channel: any Channel) {
        if case .hello = stage {
            if world.tls == nil, beginning.isEmpty,
                buffer.readableBytesView.first == TLSDoor.firstByte
            {
                world.count(
                    .untrustedStream,
                    "\(channel.remoteAddress?.description ?? "?") speaks TLS, and this server not")
                return refuse(channel)
            }
            if let secret = world.settings.settings.secret {
                takeOffer(&buffer, channel, secret)
            } else {
                takeHello(&buffer, channel)
            }
        }
        if case .proof(let handshake) = stage { takeProof(&buffer, channel, handshake) }
    }

    /// So many bytes of the beginning, where they are all here.
    private func gather(_ count: Int, from buffer: inout ByteBuffer) -> [UInt8]? {
        let missing = min(count - beginning.count, buffer.readableBytes)
        beginning += buffer.readBytes(length: missing) ?? []
        guard beginning.count == count else { return nil }
        defer { beginning = [] }
        return beginning
    }

    private func takeHello(_ buffer: inout ByteBuffer, _ channel: any Channel) {
        guard let bytes = gather(PeerHello.bytes, from: &buffer) else { return }
        let hello = PeerHello(bytes)
        if hello == nil, PeerHello(bytes, as: PeerHello.sealedMagic) != nil {
            world.countUnauthenticated("a stream begins with a secret, but this server has none")
        } else if world.mayOpen(hello, over: channel), let hello {
            return open(hello, channel)
        }
        refuse(channel)
    }

    private func takeOffer(
        _ buffer: inout ByteBuffer, _ channel: any Channel, _ secret: ClusterSecret
    ) {
        let offer = gather(StreamHandshake.offerBytes, from: &buffer)
        let isPlain = !PeerHello.sealedMagic.starts(with: beginning.prefix(4))
        guard offer != nil || isPlain else { return }
        let me = world.settings.configuration.me
        guard let offer, let handshake = AcceptorHandshake(offer, to: me, secret: secret) else {
            world.countUnauthenticated(
                "a stream from \(channel.remoteAddress?.description ?? "?")")
            return refuse(channel)
        }
        guard world.mayOpen(handshake.hello, over: channel) else { return refuse(channel) }
        stage = .proof(handshake)
        channel.writeAndFlush(channel.allocator.buffer(bytes: handshake.answer), promise: nil)
    }

    private func takeProof(
        _ buffer: inout ByteBuffer, _ channel: any Channel, _ handshake: AcceptorHandshake
    ) {
        guard let proof = gather(StreamHandshake.proofBytes, from: &buffer) else { return }
        guard let key = handshake.finish(proof) else {
            world.countUnauthenticated(
                "a recorded stream of \(world.name(of: handshake.hello.opener))")
            return refuse(channel)
        }
        sealedFrames = SealedFrames(key, frameBytesMax: ServerWorld.frameBytesMax)
        open(handshake.hello, channel)
    }

    private func open(_ hello: PeerHello, _ channel: any Channel) {
        guard let link = world.acceptPeer(hello, over: channel) else { return refuse(channel) }
        stage = .open(link)
        endUnproven()
    }

    private func endUnproven() {
        if isCounted { world.unproven -= 1 }
        isCounted = false
    }

    private func refuse(_ channel: any Channel) {
        stage = .refused
        channel.close(promise: nil)
    }

    private func takeFrames(_ buffer: inout ByteBuffer, of link: Link) {
        guard sealedFrames != nil else {
            buffer.withUnsafeReadableBytes { frames.feed($0) }
            return handOn(from: link)
        }
        do {
            sealedFrames?.feed(&buffer)
            while !link.end.isClosing,
                try sealedFrames?.next({ frames.feed($0) }) == true
            { handOn(from: link) }
        } catch {
            world.countUnauthenticated("a frame from \(world.name(of: link.peer))")
            link.end.cut()
        }
    }

    private func handOn(from link: Link) {
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
        endUnproven()
        guard case .open(let link) = stage else { return }
        stage = .refused
        world.ended(link)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .hello = stage, world.tls != nil {
            world.countUntrusted(error, context.remoteAddress?.description ?? "?")
        }
        context.close(promise: nil)
    }
}
