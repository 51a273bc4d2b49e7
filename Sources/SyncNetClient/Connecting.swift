import NIOCore
import NIOPosix
import NodeRuntime

/// Connects to a server's client port. `prepare` gets the connection before it is read. With TLS
/// the connection is encrypted, and the server known, before anybody has it.
func connect(
    to address: ChatAddress, on loop: any EventLoop, within limit: TimeAmount,
    tls: ChatTLS? = nil, prepare: @escaping (any Channel) throws -> Void
) -> EventLoopFuture<any Channel> {
    guard let tls else { return open(to: address, on: loop, within: limit, prepare: prepare) }
    let handshake = TLSHandshake()
    return open(to: address, on: loop, within: limit) { channel in
        try channel.pipeline.syncOperations.addHandlers([tls.handler(to: address), handshake])
        try prepare(channel)
    }.assumeIsolated().flatMap { handshake.wait(over: $0, within: limit) }.nonisolated()
}

private func open(
    to address: ChatAddress, on loop: any EventLoop, within limit: TimeAmount,
    prepare: @escaping (any Channel) throws -> Void
) -> EventLoopFuture<any Channel> {
    // A server may have told it: outside of this range NIO ends the process.
    guard (1...65_535).contains(address.port) else {
        return loop.makeFailedFuture(IOError(errnoCode: EADDRNOTAVAIL, reason: "connect"))
    }
    let prepare = NIOLoopBound(prepare, eventLoop: loop)
    var bootstrap = ClientBootstrap(group: loop)
        .connectTimeout(limit)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator())
        .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try prepare.value(channel) }
        }
    for (option, value) in KeepAlive.options(betweenServers: false) {
        bootstrap = bootstrap.channelOption(option, value: value)
    }
    // A numeric address needs no resolver, and keeps the system's own error.
    if let numeric = try? SocketAddress(ipAddress: address.numericHost, port: address.port) {
        return bootstrap.connect(to: numeric)
    }
    return bootstrap.connect(host: address.host, port: address.port)
}
