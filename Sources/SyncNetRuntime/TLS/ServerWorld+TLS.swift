import NIOCore
import NIOSSL
import NodeRuntime
import StateMachine
import SyncNetProtocol

// What stands between a server's sockets and its handlers.
extension ServerWorld {
    func prepareClient(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(TrafficHandler(of: self, carrier: .clients))
        if let tls {
            try pipeline.addHandlers([
                TLSDoor(of: self), NIOSSLServerHandler(context: tls.clients),
            ])
        }
        try pipeline.addHandler(ClientHandler(of: self))
    }

    func preparePeer(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(TrafficHandler(of: self, carrier: .replication))
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.acceptor)) }
        try pipeline.addHandler(IncomingPeerHandler(of: self))
    }

    /// Connects to another server; encrypted where there is TLS, before anything else is sent.
    func connect(
        to address: SocketAddress, as handler: OutgoingPeerHandler
    ) -> EventLoopFuture<any Channel> {
        let limit = TimeAmount(settings.settings.timing.connect)
        let handshake = TLSHandshake()
        let connected = binder.connect(to: address, from: settings.address, within: limit) {
            channel in
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(TrafficHandler(of: self, carrier: .replication))
            if let tls = self.tls {
                try pipeline.addHandlers([
                    // Addresses are no names: the certificate is compared with the address.
                    NIOSSLClientHandler(context: tls.opener, serverHostname: nil), handshake,
                ])
            }
            try pipeline.addHandler(handler)
        }
        guard tls != nil else { return connected }
        return connected.assumeIsolated().flatMap { handshake.wait(over: $0, within: limit) }
            .nonisolated()
    }

    /// Counts a stream that did not come to be because the two ends don't trust each other.
    func countUntrusted(_ error: any Error, _ who: @autoclosure () -> String) {
        let failure = TLSFailure(error)
        switch failure {
        case .ended, .late: return
        case .untrusted, .wrongName, .notSpoken, .refused, .other:
            count(.untrustedStream, "\(who()) \(failure.words)")
        }
    }
}
