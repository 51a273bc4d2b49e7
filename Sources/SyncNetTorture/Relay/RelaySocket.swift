import Foundation
import NIOCore
import NIOPosix

/// A UDP port of the relay.
///
/// The system's own socket, as a channel ends at the first datagram that the system refuses,
/// which it does where an interface is down. Reading is the channel's business, and so is closing.
struct RelaySocket: Sendable {
    /// Larger than any datagram.
    private static let bytesMax = 1 << 16

    private let descriptor: CInt
    let channel: any Channel

    /// Binds a port, and hands what arrives to `take`, on the loop.
    static func open(
        at address: SocketAddress, on loop: any EventLoop,
        take: @escaping @Sendable (ByteBuffer) -> Void
    ) async throws -> RelaySocket {
        let descriptor = try bound(to: address)
        let channel = try await DatagramBootstrap(group: loop)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: bytesMax)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RelaySocketHandler(take))
                }
            }
            .withBoundSocket(descriptor).get()
        return RelaySocket(descriptor: descriptor, channel: channel)
    }

    private static func bound(to address: SocketAddress) throws -> CInt {
        let descriptor = socket(AF_INET, datagramKind | closeOnExec, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        let code = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        guard code == 0 else {
            let reason = errno
            Foundation.close(descriptor)
            throw IOError(errnoCode: reason, reason: "bind to \(address)")
        }
        return descriptor
    }

    #if canImport(Glibc)
        private static let datagramKind = CInt(SOCK_DGRAM.rawValue)
        private static let closeOnExec = CInt(SOCK_CLOEXEC.rawValue)
    #else
        private static let datagramKind = SOCK_DGRAM
        private static let closeOnExec = CInt(0)
    #endif

    /// Sends a datagram; one that the system does not take is lost.
    func send(_ bytes: ByteBuffer, to address: SocketAddress) {
        guard channel.isActive else { return }
        _ = bytes.withUnsafeReadableBytes { bytes in
            address.withSockAddr {
                sendto(descriptor, bytes.baseAddress, bytes.count, 0, $0, socklen_t($1))
            }
        }
    }
}

private final class RelaySocketHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let take: @Sendable (ByteBuffer) -> Void

    init(_ take: @escaping @Sendable (ByteBuffer) -> Void) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data).data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
