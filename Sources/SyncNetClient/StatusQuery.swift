import NIOCore
import NIOPosix
public import SyncNetProtocol
import StateMachine
import SyncNetWire

/// What one server answered when it was asked how it is.
public struct StatusAnswer: Equatable, Sendable {
    /// The server that was asked.
    public var address: ChatAddress
    /// What came of it.
    public var outcome: Outcome

    /// What came of asking a server.
    public enum Outcome: Equatable, Sendable {
        /// The servers that it knows, and how it sees itself and them.
        case answered([ServerAddress], ServerStatus?)
        /// It is there, but can't say yet: it starts, for one.
        case refused(detail: String)
        /// It is there, but it and the asker don't come to an encrypted connection.
        case insecure(TLSTrouble)
        /// Nobody answers there.
        case silent(detail: String)
    }
}

/// Asks servers how they are.
public enum StatusQuery {
    /// Asks all of the servers at once; answers in their order, after `limit` at the latest.
    /// - Parameters:
    ///   - servers: Whom to ask.
    ///   - limit: How long to wait for the answers.
    ///   - tls: Whom to trust; nil for connections that are not encrypted.
    public static func ask(
        _ servers: [ChatAddress], within limit: Duration = .seconds(1), tls: ChatTLS? = nil
    ) async -> [StatusAnswer] {
        await withTaskGroup(of: (Int, StatusAnswer).self) { group in
            for (place, server) in servers.enumerated() {
                group.addTask {
                    (place, StatusAnswer(address: server, outcome: await ask(server, limit, tls)))
                }
            }
            var answers: [(Int, StatusAnswer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func ask(
        _ server: ChatAddress, _ limit: Duration, _ tls: ChatTLS?
    ) async -> StatusAnswer.Outcome {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: StatusAnswer.Outcome.self)
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) {
            answer.succeed(.silent(detail: "no answer within \(limit)"))
        }
        loop.execute {
            let handler = NIOLoopBound(StatusHandler(answer), eventLoop: loop)
            connect(to: server, on: loop, within: TimeAmount(limit), tls: tls) {
                try $0.pipeline.syncOperations.addHandler(handler.value)
            }.whenComplete { result in
                switch result {
                case .success(let channel):
                    answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
                case .failure(let error):
                    answer.succeed(
                        TLSTrouble(error).map { .insecure($0) } ?? .silent(detail: "\(error)"))
                }
            }
        }
        let outcome = try? await answer.futureResult.get()
        deadline.cancel()
        return outcome ?? .silent(detail: "no answer")
    }
}

/// Sends one question, and takes the first answer.
private final class StatusHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: EventLoopPromise<StatusAnswer.Outcome>
    private var lines = LineReader(maxBytes: 1 << 20)

    init(_ answer: EventLoopPromise<StatusAnswer.Outcome>) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        context.ask(.discovery(status: true), as: "status")
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { lines.feed($0) }
        while let line = lines.next() {
            guard case .line(let bytes) = line, let message = try? ClientCodec.decodeReply(bytes),
                case .reply(let reply) = message.body
            else { return answer.succeed(.silent(detail: "no SyncNet server answers there")) }
            switch reply {
            case .servers(_, let servers, let status, _):
                answer.succeed(.answered(servers, status))
            case .nack(_, .tlsRequired, _): answer.succeed(.insecure(.required))
            case .nack(_, _, let detail): answer.succeed(.refused(detail: detail.string))
            case .done, .history, .pushed, .accounts, .statusLine: break
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(.silent(detail: "the connection was closed without an answer"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.succeed(.silent(detail: "\(error)"))
        context.close(promise: nil)
    }
}

extension ChannelHandlerContext {
    /// Sends a server one question, without a session.
    func ask(_ body: ClientRequestBody, as sender: Text) {
        let request = ClientRequest(
            sender: sender, createdAt: nil, session: nil, request: 1, body: body)
        var bytes: [UInt8] = []
        ClientCodec.encode(
            Message(stamp: .zero, body: .request(request)), sender: sender, createdAt: 0,
            into: &bytes)
        channel.writeAndFlush(channel.allocator.buffer(bytes: bytes), promise: nil)
    }
}
