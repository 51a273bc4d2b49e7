import NIOCore
import NIOPosix
import SyncNetProtocol
import SyncNetWire

/// One port of the multicast group, on one interface.
enum GroupSocket {
    /// Larger than any datagram, so that none is cut.
    private static let datagramBytesMax = 1 << 16

    /// Hears what goes to a port of the group.
    static func open(
        _ group: String, port: Int, interface: String, on loop: any EventLoop,
        take: @escaping @Sendable (ClientReply) -> Void
    ) async throws -> any Channel {
        let descriptor = try GroupDescriptor.bound(
            to: SocketAddress(ipAddress: group, port: port), group: group, interface: interface)
        return try await DatagramBootstrap(group: loop)
            .channelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: datagramBytesMax)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(GroupHandler(take))
                }
            }
            .withBoundSocket(descriptor).get()
    }
}

/// Turns datagrams into what servers say; nonsense is dropped.
private final class GroupHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let take: @Sendable (ClientReply) -> Void

    init(_ take: @escaping @Sendable (ClientReply) -> Void) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let lines = unwrapInboundIn(data).data.readableBytesView
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let message = try? ClientCodec.decodeReply(Array(line)),
                case .reply(let reply) = message.body
            else { continue }
            take(reply)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
