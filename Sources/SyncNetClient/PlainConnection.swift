import NIOCore
import NIOPosix
import StateMachine
package import SyncNetProtocol
import SyncNetWire
import Synchronization

/// A connection to one server, as a program has it that was written in an afternoon: requests go
/// out, replies come in, and nothing is ever sent again.
package final class PlainConnection: Sendable {
    /// What the server sends, until the connection ends; throws where nobody can make sense of it.
    package let replies: AsyncThrowingStream<ClientReply, any Error>
    private let channel: any Channel
    private let clock: PlainClock

    private init(
        _ channel: any Channel, _ replies: AsyncThrowingStream<ClientReply, any Error>,
        _ clock: PlainClock
    ) {
        self.channel = channel
        self.replies = replies
        self.clock = clock
    }

    /// Connects to a server.
    /// - Throws: ``ChatError`` where it is not reached in time, or the two don't come to an
    ///   encrypted connection.
    package static func open(
        to server: ChatAddress, within limit: Duration, tls: ChatTLS? = nil
    ) async throws(ChatError) -> PlainConnection {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (replies, source) = AsyncThrowingStream.makeStream(of: ClientReply.self)
        let clock = PlainClock()
        do {
            let channel = try await loop.flatSubmit {
                connect(to: server, on: loop, within: TimeAmount(limit), tls: tls) {
                    try $0.pipeline.syncOperations.addHandler(PlainHandler(source, clock))
                }
            }.get()
            return PlainConnection(channel, replies, clock)
        } catch {
            source.finish()
            throw TLSTrouble(error).map { .insecure(server, $0) } ?? .unreachable([server])
        }
    }

    /// Sends a request under a number that its answer will have.
    package func send(_ body: ClientRequestBody, as sender: Text, number: UInt64, at time: Double) {
        let request = ClientRequest(
            sender: sender, createdAt: time, session: nil, request: number, body: body)
        var bytes: [UInt8] = []
        ClientCodec.encode(
            Message(stamp: clock.tick(), body: .request(request)), sender: sender,
            createdAt: time, into: &bytes)
        channel.writeAndFlush(channel.allocator.buffer(bytes: bytes), promise: nil)
    }

    /// Ends it, and with it the replies.
    package func close() { channel.close(promise: nil) }
}

/// The Lamport clock of one connection.
private final class PlainClock: Sendable {
    private let last = Mutex<UInt64>(0)

    func tick() -> Stamp {
        last.withLock { last in
            last += 1
            return Stamp(last)
        }
    }

    func take(_ stamp: Stamp) { last.withLock { $0 = max($0, stamp.number) } }
}

private final class PlainHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Source = AsyncThrowingStream<ClientReply, any Error>.Continuation

    private let source: Source
    private let clock: PlainClock
    private var lines = LineReader(maxBytes: ReplyHandler.lineBytesMax)

    init(_ source: Source, _ clock: PlainClock) {
        self.source = source
        self.clock = clock
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { lines.feed($0) }
        while let line = lines.next() {
            do {
                guard case .line(let bytes) = line else { throw PlainNonsense.lineTooLong }
                let message = try ClientCodec.decodeReply(bytes)
                guard case .reply(let reply) = message.body else { throw PlainNonsense.noReply }
                clock.take(message.stamp)
                source.yield(reply)
            } catch {
                source.finish(throwing: error)
                return context.close(promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { source.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// What a server sent that is no answer.
private enum PlainNonsense: Error {
    case lineTooLong, noReply
}
