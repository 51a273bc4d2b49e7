import NIOCore
import NIOPosix
import NodeRuntime

/// Binds the ports of a server on its event loop.
struct Binder {
    let loop: any EventLoop
    let network: NetworkSettings

    /// Listens for streams. `prepare` gets every accepted connection before it is read.
    ///
    /// The address may be bound again while connections of an earlier run fade away; a
    /// second listener on the same port is refused all the same.
    func listen(
        on port: BoundPort, backlogBytes: Int, isReading: Bool, allowsHalfClosure: Bool,
        betweenServers: Bool,
        prepare: @escaping (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        let prepare = NIOLoopBound(prepare, eventLoop: loop)
        var bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.autoRead, value: isReading)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: allowsHalfClosure)
            .childChannelOption(.recvAllocator, value: streamAllocator)
            .childChannelOption(.writeBufferWaterMark, value: .backlog(of: backlogBytes))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare.value(channel) }
            }
        for (option, value) in KeepAlive.options(betweenServers: betweenServers) {
            bootstrap = bootstrap.childChannelOption(option, value: value)
        }
        return explained(port) { [bootstrap] in try bootstrap.bind(to: port.socketAddress()) }
    }

    /// Opens a stream to another server, from this server's own address.
    func connect(
        to address: SocketAddress, from own: IPv4Address, within limit: TimeAmount,
        prepare: @escaping (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        let prepare = NIOLoopBound(prepare, eventLoop: loop)
        return loop.makeCompletedFuture { try own.socketAddress(port: 0) }.flatMap { source in
            var bootstrap = ClientBootstrap(group: loop)
                .connectTimeout(limit)
                .bind(to: source)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(
                    .writeBufferWaterMark, value: .backlog(of: network.peerBacklogBytes)
                )
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try prepare.value(channel) }
                }
            for (option, value) in KeepAlive.options(betweenServers: true) {
                bootstrap = bootstrap.channelOption(option, value: value)
            }
            return bootstrap.connect(to: address)
        }
    }

    /// Reads datagrams from a socket that is bound; the channel owns it from now on.
    func read(
        _ descriptor: CInt, for purpose: PortPurpose,
        take: @escaping (ByteBuffer, SocketAddress) -> Void
    ) -> EventLoopFuture<any Channel> {
        let take = NIOLoopBound(take, eventLoop: loop)
        return DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: datagramAllocator(purpose))
            .channelOption(.maxMessagesPerRead, value: 16)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(take.value))
                }
            }
            .withBoundSocket(descriptor)
    }

    private var streamAllocator: AdaptiveRecvByteBufferAllocator {
        let size = network.multicastBufferSize
        return AdaptiveRecvByteBufferAllocator(
            minimum: min(1_024, size), initial: size, maximum: max(1 << 16, size))
    }

    // The kernel cuts a datagram that is longer than the buffer: only introductions are long.
    private func datagramAllocator(_ purpose: PortPurpose) -> FixedSizeRecvByteBufferAllocator {
        let least =
            switch purpose {
            case .discovery: 1 << 16
            case .chat: network.multicastBufferSize
            case .heartbeat, .election, .clients: max(2_048, network.bufferSize)
            }
        return FixedSizeRecvByteBufferAllocator(capacity: least)
    }

    private func explained(
        _ port: BoundPort, _ bind: () throws -> EventLoopFuture<any Channel>
    ) -> EventLoopFuture<any Channel> {
        do {
            return try bind().flatMapErrorThrowing { throw PortError($0, binding: port) }
        } catch {
            return loop.makeFailedFuture(PortError(error, binding: port))
        }
    }
}

extension ChannelOptions.Types.WriteBufferWaterMark {
    static func backlog(of bytes: Int) -> Self { Self(low: bytes / 4, high: bytes) }
}
