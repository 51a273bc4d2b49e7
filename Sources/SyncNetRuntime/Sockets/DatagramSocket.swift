import Foundation
import NIOCore

/// One UDP port.
///
/// The system's own socket, since a channel takes the first datagram that the system refuses
/// (a firewall, a network that is gone) for its end, and throws away what waits behind it.
/// A datagram may be lost; the socket must live on. Reading is the channel's business.
final class DatagramSocket {
    private let descriptor: CInt
    private var channel: (any Channel)?

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// Binds a port.
    /// - Throws: `IOError`.
    static func bound(to port: BoundPort) throws -> DatagramSocket {
        let descriptor = socket(AF_INET, datagramKind, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        do {
            // A child process of the embedding program must not keep the port.
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let bound = DatagramSocket(descriptor)
            try bound.set(SOL_SOCKET, SO_BROADCAST, to: CInt(1))
            if port.kind == .multicast {
                try bound.set(SOL_SOCKET, SO_REUSEADDR, to: CInt(1))
                try bound.set(SOL_SOCKET, SO_REUSEPORT, to: CInt(1))
            }
            try port.socketAddress().withSockAddr { address, size in
                let code = bind(descriptor, address, socklen_t(size))
                guard code == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
            }
            return bound
        } catch {
            Foundation.close(descriptor)
            throw error
        }
    }

    #if canImport(Glibc)
        private static let datagramKind = CInt(SOCK_DGRAM.rawValue)
    #else
        private static let datagramKind = SOCK_DGRAM
    #endif

    private func set<Value>(_ level: CInt, _ name: CInt, to value: Value) throws {
        let code = withUnsafeBytes(of: value) {
            setsockopt(descriptor, level, name, $0.baseAddress, socklen_t($0.count))
        }
        guard code == 0 else { throw IOError(errnoCode: errno, reason: "setsockopt") }
    }

    /// Sends multicast out on the interface of an address, through at most `hops` routers.
    func sendMulticast(from own: IPv4Address, hops: Int) throws {
        try set(Self.internet, IP_MULTICAST_IF, to: in_addr(s_addr: own.bits.bigEndian))
        try set(Self.internet, IP_MULTICAST_TTL, to: UInt8(clamping: hops))
        try set(Self.internet, IP_MULTICAST_LOOP, to: UInt8(1))
    }

    /// Hears no group, also not one that another socket of this machine has joined.
    func ignoreGroups() throws {
        #if canImport(Glibc)
            try set(Self.internet, IP_MULTICAST_ALL, to: CInt(0))
        #endif
    }

    private static let internet = CInt(IPPROTO_IP)

    /// Hands what arrives to `take`, on the loop; from now on the channel owns the descriptor.
    func read(
        on binder: Binder, for purpose: PortPurpose,
        take: @escaping (ByteBuffer, SocketAddress) -> Void
    ) -> EventLoopFuture<Void> {
        binder.read(descriptor, for: purpose, take: take).assumeIsolated().map {
            self.channel = $0
            // The number may soon belong to something else.
            $0.closeFuture.assumeIsolated().whenComplete { _ in self.channel = nil }
        }.nonisolated()
    }

    /// Sends a datagram; whether the system took it.
    func send(_ bytes: [UInt8], to address: SocketAddress) -> Bool {
        guard channel?.isActive == true else { return false }
        let sent = bytes.withUnsafeBytes { bytes in
            address.withSockAddr { address, size in
                sendto(descriptor, bytes.baseAddress, bytes.count, 0, address, socklen_t(size))
            }
        }
        return sent == bytes.count
    }

    /// Gives up a socket that no channel owns yet.
    func discard() { Foundation.close(descriptor) }

    func close() { channel?.close(promise: nil) }
}

/// Hands datagrams to the world.
final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let take: (ByteBuffer, SocketAddress) -> Void

    init(_ take: @escaping (ByteBuffer, SocketAddress) -> Void) { self.take = take }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        take(envelope.data, envelope.remoteAddress)
    }

    // A datagram that nobody took (ICMP "port unreachable") is reported on a later call.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
