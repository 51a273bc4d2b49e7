import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What is answered to a request.
struct HTTPAnswer: Equatable, Sendable {
    var status: HTTPResponseStatus
    var body: String
    var type = "text/plain; charset=utf-8"
}

/// A door for monitors: a few paths over HTTP/1.1, read only, one request a connection.
///
/// Strangers are kept small: few connections at a time, small headers, no bodies, and little
/// time for all of it.
final class HTTPDoor: Sendable {
    /// Connections at a time; one more is closed at once.
    static let connectionsMax = 16
    /// From the first byte of the question to the last one of the answer.
    static let requestTime = TimeAmount.seconds(5)
    /// Bytes of one header, of all headers together, and how many there may be.
    static let headerBytesMax = 4 << 10
    static let headersBytesMax = 16 << 10
    static let headersMax = 64

    private let channel: any Channel

    private init(_ channel: any Channel) { self.channel = channel }

    /// Listens, and lets `answer` answer paths.
    /// - Throws: ``HTTPDoorError`` where the port can't be had.
    static func open(
        on address: IPv4Address, port: Int,
        answer: @escaping @Sendable (String) async -> HTTPAnswer
    ) async throws -> HTTPDoor {
        let guests = GuestCount()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { channel in
                guard guests.enter() else { return channel.close() }
                channel.closeFuture.whenComplete { _ in guests.leave() }
                return channel.eventLoop.makeCompletedFuture {
                    var limits = NIOHTTPDecoderLimitConfiguration()
                    limits.maxHeaderFieldSize = headerBytesMax
                    limits.maxHeaderListSize = headersBytesMax
                    limits.maxHeaderFieldCount = headersMax
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(
                        withPipeliningAssistance: true, withErrorHandling: true,
                        withOutboundHeaderValidation: true,
                        withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
                        withDecoderLimitConfiguration: limits)
                    try pipeline.addHandler(HTTPHandler(answer))
                }
            }
        do {
            let target = try address.socketAddress(port: port)
            return HTTPDoor(try await bootstrap.bind(to: target).get())
        } catch {
            throw HTTPDoorError(
                port: port, address: address, code: (error as? IOError)?.errnoCode)
        }
    }

    /// Listens no more.
    func close() async { try? await channel.close().get() }
}

/// The port for monitors can't be had.
package struct HTTPDoorError: Error, CustomStringConvertible {
    let port: Int
    let address: IPv4Address
    /// The system's number of the error; nil where it has none.
    let code: CInt?

    /// One line that says what is wrong and what to do.
    package var description: String {
        let what = code == EADDRINUSE ? "is already in use" : "can't be bound"
        return "port \(port) (metrics and health, HTTP) on \(address) \(what): "
            + "choose another --http-port"
    }
}

/// How many connections there are.
private final class GuestCount: Sendable {
    private let count = Atomic(0)

    func enter() -> Bool {
        let before = count.wrappingAdd(1, ordering: .relaxed).oldValue
        guard before < HTTPDoor.connectionsMax else {
            leave()
            return false
        }
        return true
    }

    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}
