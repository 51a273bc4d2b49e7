package import NIOCore
import NIOTLS

/// Waits until a connection is encrypted and its other end is known. Stands right behind the
/// library's handler, and keeps that one's errors to itself until then.
package final class TLSHandshake: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer

    private var result: Result<Void, TLSFailure>?
    private var waiting: EventLoopPromise<Void>?

    /// Makes one for one connection.
    package init() {}

    /// The connection, once it is encrypted.
    /// - Throws: ``TLSFailure``; the connection is closed then.
    package func wait(
        over channel: any Channel, within limit: TimeAmount
    ) -> EventLoopFuture<any Channel> {
        let waiting = channel.eventLoop.makePromise(of: Void.self)
        self.waiting = waiting
        if let result { end(with: result) }
        let watch = channel.eventLoop.assumeIsolated().scheduleTask(in: limit) {
            self.end(with: .failure(.late))
        }
        waiting.futureResult.whenComplete { result in
            watch.cancel()
            guard case .failure = result else { return }
            // Whoever waits learns why before the handlers behind see the end.
            channel.eventLoop.execute { channel.close(promise: nil) }
        }
        return waiting.futureResult.map { channel }
    }

    private func end(with result: Result<Void, TLSFailure>) {
        self.result = self.result ?? result
        guard let waiting, let result = self.result else { return }
        self.waiting = nil
        waiting.completeWith(result.mapError { $0 as any Error })
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { end(with: .success(())) }
        context.fireUserInboundEventTriggered(event)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .success? = result else { return end(with: .failure(TLSFailure(error))) }
        context.fireErrorCaught(error)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end(with: .failure(.ended))
        context.fireChannelInactive()
    }
}
