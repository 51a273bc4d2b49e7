import Logging
import NIOCore
import NodeRuntime

/// What a server's sockets hand over.
struct SocketEvents {
    /// A client's connection, before it is read.
    var prepareClient: (any Channel) throws -> Void
    /// Another server's stream, before it is read.
    var preparePeer: (any Channel) throws -> Void
    /// A datagram, and for what its port is.
    var takeDatagram: (PortPurpose, ByteBuffer, SocketAddress) -> Void
}

/// All ports of a server.
final class ServerSockets {
    private let settings: CheckedSettings
    private let binder: Binder
    private let events: SocketEvents
    private let logger: Logger
    private var listeners: [any Channel] = []
    private var peerListener: (any Channel)?
    private var sockets: [PortPurpose: DatagramSocket] = [:]
    private var extra: [DatagramSocket] = []
    /// The ports that are bound, in the order of binding.
    private(set) var ports: [BoundPort] = []

    init(
        of settings: CheckedSettings, binder: Binder, logger: Logger,
        events: SocketEvents
    ) {
        self.settings = settings
        self.binder = binder
        self.logger = logger
        self.events = events
    }

    /// Binds all ports: first the clients', so that a second server on the same ports fails
    /// there, and so that a monitor is answered as early as can be.
    func bind() -> EventLoopFuture<Void> {
        var steps: [() -> EventLoopFuture<Void>] = [listenToClients, listenToPeers]
        for purpose in [PortPurpose.discovery, .heartbeat, .election, .chat] {
            steps.append { self.bindDatagrams(purpose) }
        }
        steps.append(bindBroadcast)
        steps.append(bindMulticast)
        return run(steps[...])
    }

    private func run(_ steps: ArraySlice<() -> EventLoopFuture<Void>>) -> EventLoopFuture<Void> {
        guard let step = steps.first else { return binder.loop.makeSucceededVoidFuture() }
        return step().assumeIsolated().flatMap { self.run(steps.dropFirst()) }.nonisolated()
    }

    private func port(_ purpose: PortPurpose, _ kind: BoundPort.Kind) -> BoundPort {
        let address =
            switch kind {
            case .tcp, .udp: settings.address
            case .broadcast: settings.broadcast
            case .multicast: settings.group
            }
        return BoundPort(
            purpose: purpose, kind: kind, address: address, number: settings.own.port(purpose))
    }

    private func note(_ port: BoundPort) {
        ports.append(port)
        logger.info("bound \(port)")
    }

    private func listenToClients() -> EventLoopFuture<Void> {
        let port = port(.clients, .tcp)
        return binder.listen(
            on: port, backlogBytes: settings.settings.network.clientBacklogBytes,
            isReading: true, allowsHalfClosure: true, betweenServers: false,
            prepare: events.prepareClient
        ).assumeIsolated().map {
            self.listeners.append($0)
            self.note(port)
        }.nonisolated()
    }

    // Nothing is accepted before the machine runs: until then the kernel keeps those who call.
    private func listenToPeers() -> EventLoopFuture<Void> {
        let port = port(.election, .tcp)
        return binder.listen(
            on: port, backlogBytes: settings.settings.network.peerBacklogBytes,
            isReading: false, allowsHalfClosure: false, betweenServers: true,
            prepare: events.preparePeer
        ).assumeIsolated().map {
            self.listeners.append($0)
            self.peerListener = $0
            self.note(port)
        }.nonisolated()
    }

    private func bindDatagrams(_ purpose: PortPurpose) -> EventLoopFuture<Void> {
        bind(port(purpose, .udp)) { socket in
            guard purpose == .chat else { return }
            do {
                try socket.sendMulticast(
                    from: self.settings.address, hops: self.settings.settings.network.multicastTTL)
            } catch {
                self.logger.warning("going on without multicast: \(error)")
            }
        }.map { self.sockets[purpose] = $0 }.nonisolated()
    }

    // A socket bound to a host's own address receives neither broadcast nor multicast.
    private func bindBroadcast() -> EventLoopFuture<Void> {
        bindExtra(port(.discovery, .broadcast)) { _ in }
    }

    // Servers tell the group, and need not hear it: the port is only kept from others.
    private func bindMulticast() -> EventLoopFuture<Void> {
        bindExtra(port(.chat, .multicast)) { try $0.ignoreGroups() }
    }

    // A system without broadcast or multicast still has a whole cluster: members know each
    // other's addresses. Only a port that somebody else has is a mistake.
    private func bindExtra(
        _ port: BoundPort, _ prepare: (DatagramSocket) throws -> Void
    ) -> EventLoopFuture<Void> {
        bind(port, prepare).map { self.extra.append($0) }
            .flatMapErrorThrowing { error in
                if let error = error as? PortError, error.reason == .inUse { throw error }
                self.logger.warning("going on without \(port): \(error)")
            }.nonisolated()
    }

    private func bind(
        _ port: BoundPort, _ prepare: (DatagramSocket) throws -> Void
    ) -> EventLoopFuture<DatagramSocket>.Isolated {
        let loop = binder.loop.assumeIsolated()
        do {
            let socket = try DatagramSocket.bound(to: port)
            do {
                try prepare(socket)
            } catch {
                socket.discard()
                throw error
            }
            let take = events.takeDatagram
            return socket.read(on: binder, for: port.purpose) { take(port.purpose, $0, $1) }
                .assumeIsolated().map {
                    self.note(port)
                    return socket
                }
        } catch {
            return loop.makeFailedFuture(PortError(error, binding: port)).assumeIsolated()
        }
    }

    /// Sends a datagram from the port of the given purpose; whether the system took it.
    func send(_ bytes: [UInt8], from purpose: PortPurpose, to address: SocketAddress) -> Bool {
        sockets[purpose]?.send(bytes, to: address) ?? false
    }

    /// Accepts streams of other servers from now on.
    func acceptPeers() {
        guard let channel = peerListener else { return }
        channel.setOption(.autoRead, value: true).whenSuccess { channel.read() }
    }

    /// Closes all ports. Streams that were accepted live on.
    func close() {
        for listener in listeners { listener.close(promise: nil) }
        for socket in sockets.values { socket.close() }
        for socket in extra { socket.close() }
        listeners = []
        peerListener = nil
        sockets = [:]
        extra = []
    }
}
