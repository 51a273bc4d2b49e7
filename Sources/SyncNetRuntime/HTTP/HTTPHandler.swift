import NIOCore
import NIOHTTP1

/// Takes one request of a connection, answers it and closes.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (String) async -> HTTPAnswer
    private var head: HTTPRequestHead?
    private var isAnswered = false
    private var limit: Scheduled<Void>?

    init(_ answer: @escaping @Sendable (String) async -> HTTPAnswer) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        limit = context.eventLoop.scheduleTask(in: HTTPDoor.requestTime) {
            channel.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { limit?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswered else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: write(HTTPAnswer(status: .payloadTooLarge, body: "no body is taken\n"), context)
        case .end: respond(context)
        }
    }

    private func respond(_ context: ChannelHandlerContext) {
        guard let head else { return }
        guard head.method == .GET || head.method == .HEAD else {
            let text = "only GET and HEAD are answered\n"
            return write(HTTPAnswer(status: .methodNotAllowed, body: text), context)
        }
        let path = head.uri.prefix { $0 != "?" && $0 != "#" }
        let answer = answer
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.makeFutureWithTask { await answer(String(path)) }.whenSuccess { found in
            let (handler, context) = bound.value
            handler.write(found, context)
        }
    }

    private func write(_ answer: HTTPAnswer, _ context: ChannelHandlerContext) {
        guard !isAnswered, context.channel.isActive else { return }
        isAnswered = true
        var headers = HTTPHeaders()
        headers.add(name: "content-type", value: answer.type)
        headers.add(name: "content-length", value: "\(answer.body.utf8.count)")
        headers.add(name: "connection", value: "close")
        let version = head?.version ?? .http1_1
        let head = HTTPResponseHead(version: version, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if self.head?.method != .HEAD {
            let body = context.channel.allocator.buffer(string: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
