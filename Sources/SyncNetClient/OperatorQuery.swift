import NIOCore
import NIOPosix
public import SyncNetProtocol
import StateMachine
import SyncNetWire

/// Asks one server for what only its operator may change: accounts, and who is a member.
public enum OperatorQuery {
    /// Shows the server the token that lies beside its data, asks, and answers with its reply.
    /// - Throws: ``ChatError`` where nobody answers in time, the server refuses, or the two don't
    ///   come to an encrypted connection.
    public static func ask(
        _ server: ChatAddress, token: String, _ body: ClientRequestBody,
        within limit: Duration = .seconds(15), tls: ChatTLS? = nil
    ) async throws -> ClientReply {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: ClientReply.self)
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) {
            answer.fail(ChatError.unreachable([server]))
        }
        defer { deadline.cancel() }
        loop.execute {
            let requests: [ClientRequestBody] = [.operatorLogin(token: Text(token)), body]
            let handler = NIOLoopBound(
                OperatorHandler(requests, of: server, answer), eventLoop: loop)
            connect(to: server, on: loop, within: TimeAmount(limit), tls: tls) {
                try $0.pipeline.syncOperations.addHandler(handler.value)
            }.whenComplete { result in
                switch result {
                case .success(let channel):
                    answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
                case .failure(let error):
                    answer.fail(
                        TLSTrouble(error).map { ChatError.insecure(server, $0) }
                            ?? ChatError.unreachable([server]))
                }
            }
        }
        return try await answer.futureResult.get()
    }
}

/// Sends one request after the other was answered, and takes the answer to the last one.
private final class OperatorHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var requests: ArraySlice<ClientRequestBody>
    private let server: ChatAddress
    private let answer: EventLoopPromise<ClientReply>
    private var lines = LineReader(maxBytes: 1 << 20)

    init(
        _ requests: [ClientRequestBody], of server: ChatAddress,
        _ answer: EventLoopPromise<ClientReply>
    ) {
        self.requests = requests[...]
        self.server = server
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) { sendNext(context) }

    private func sendNext(_ context: ChannelHandlerContext) {
        guard let body = requests.popFirst() else { return }
        context.ask(body, as: "operator")
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { lines.feed($0) }
        while let line = lines.next() {
            guard case .line(let bytes) = line, let message = try? ClientCodec.decodeReply(bytes),
                case .reply(let reply) = message.body
            else { return answer.fail(ChatError.closed) }
            if case .nack(_, let reason, let detail) = reply {
                return answer.fail(
                    reason == .tlsRequired
                        ? ChatError.insecure(server, .required) : ChatError(reason, detail))
            }
            if requests.isEmpty { return answer.succeed(reply) }
            sendNext(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChatError.closed) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}
