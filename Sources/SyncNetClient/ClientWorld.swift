import Foundation
import NIOCore
import NIOPosix
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// The real world around one client. Belongs to one event loop.
final class ClientWorld: World {
    typealias Words = SyncNet

    let loop: any EventLoop
    let inbox = Inbox<SyncNet>()
    private let ticks: TickEnd
    private let clock: LoopClock<SyncNet>
    private let connectTime: TimeAmount
    private let tls: ChatTLS?
    private let owner: Owner
    private var servers: [ChatAddress] = []
    private var streams: [UInt64: StreamEnd] = [:]
    private var lastStream: UInt64 = 0
    private var allEnded: EventLoopPromise<Void>?

    /// Who is told what happens.
    struct Owner {
        /// The machine's words.
        var output: (NodeOutput) -> Void
        /// A server said something.
        var heard: () -> Void
        /// The connected server has shown whether it knows a leader.
        var led: (Bool) -> Void
        /// The connected server has said which cluster it belongs to.
        var cluster: (ClusterID) -> Void
        /// A server can't be spoken to; where that will not change by itself, also why.
        var failed: (NodeID, Obstacle?) -> Void
    }

    /// Why a server can't be spoken to.
    enum Obstacle: Equatable {
        /// The two don't come to an encrypted connection.
        case tls(TLSTrouble)
        /// Nobody knows the host.
        case unknownHost

        /// The obstacle behind an error; nil where the server just did not answer.
        init?(_ error: any Error) {
            if let trouble = TLSTrouble(error) {
                self = .tls(trouble)
            } else if let failure = error as? NIOConnectionError, failure.connectionErrors.isEmpty,
                failure.dnsAError != nil
            {
                self = .unknownHost
            } else {
                return nil
            }
        }
    }

    init(on loop: any EventLoop, connectTime: Interval, tls: ChatTLS?, owner: Owner) {
        self.loop = loop
        self.tls = tls
        self.owner = owner
        self.connectTime = .nanoseconds(Int64(clamping: connectTime.nanoseconds))
        ticks = TickEnd(of: loop)
        clock = LoopClock(on: loop, into: inbox)
    }

    /// Adds servers that are not known yet; whether there were any.
    func learn(_ addresses: [ChatAddress]) -> Bool {
        let before = servers.count
        for address in addresses where !servers.contains(where: address.isSameServer) {
            guard servers.count < Limits.membersMax else { break }
            servers.append(address)
        }
        return servers.count > before
    }

    /// All known servers, in the order in which they were learnt.
    var nodes: [NodeID] { servers.indices.map { NodeID(UInt32($0)) } }

    func address(of node: NodeID) -> ChatAddress? {
        Int(node.rank) < servers.count ? servers[Int(node.rank)] : nil
    }

    /// Ends the machine; answers when the connection has ended, or does not in time.
    func end() -> EventLoopFuture<Void> {
        inbox.close()
        clock.cancelAll()
        for stream in streams.values { stream.close() }
        guard !streams.isEmpty else { return loop.makeSucceededVoidFuture() }
        let allEnded = loop.makePromise(of: Void.self)
        self.allEnded = allEnded
        loop.assumeIsolated().scheduleTask(in: .milliseconds(500)) { allEnded.succeed() }
        return allEnded.futureResult
    }

    // MARK: Arrivals

    func take(_ message: Message, from server: NodeID, on stream: StreamEnd) {
        if case .reply(.nack(nil, .tlsRequired, _)) = message.body, tls == nil {
            return owner.failed(server, .tls(.required))
        }
        owner.heard()
        if case .reply(.servers(_, let servers, _, let cluster)) = message.body {
            // Only a list of the servers tells of a leader: a server without one still answers
            // what it has in its tables, and what it has not applied yet is refused for want of
            // one, too.
            owner.led(servers.contains { $0.isLeader })
            if let cluster { owner.cluster(cluster) }
        }
        inbox.put(.message(message, on: stream.id))
    }

    func writabilityChanged(of stream: StreamEnd, isWritable: Bool) {
        inbox.put(isWritable ? .drained(stream.id) : .congested(stream.id))
    }

    func ended(_ stream: StreamEnd) {
        streams[stream.id.number] = nil
        if streams.isEmpty { allEnded?.succeed() }
        inbox.put(.closed(stream.id))
    }

    // MARK: Transport

    func datagram(_ message: Message, from: NodeID, to: NodeID) {}

    func publish(_ message: Message, from: NodeID) {}

    func open(from: NodeID, to server: NodeID) {
        guard let address = address(of: server) else {
            return inbox.put(.openFailed(server, .unreachable))
        }
        let handler = ReplyHandler(of: self, server)
        connect(to: address, on: loop, within: connectTime, tls: tls) {
            try $0.pipeline.syncOperations.addHandler(handler)
        }.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.opened(channel, to: server, handler)
            case .failure(let error):
                self.owner.failed(server, Obstacle(error))
                self.inbox.put(.openFailed(server, OpenFailure(error)))
            }
        }
    }

    private func opened(_ channel: any Channel, to server: NodeID, _ handler: ReplyHandler) {
        guard inbox.isOpen else { return channel.close(promise: nil) }
        guard channel.isActive else { return inbox.put(.openFailed(server, .unreachable)) }
        lastStream += 1
        let stream = StreamEnd(StreamID(lastStream), over: channel, flushedBy: ticks)
        streams[lastStream] = stream
        handler.stream = stream
        inbox.put(.opened(stream.id, to: server))
    }

    func send(_ message: Message, from: NodeID, on stream: StreamID) {
        streams[stream.number]?.send {
            ClientCodec.encode(message, sender: "", createdAt: 0, into: &$0)
        }
    }

    func close(_ stream: StreamID, from: NodeID) { streams[stream.number]?.close() }

    // MARK: Clock

    func read(by node: NodeID) -> ClockReading { LoopClock<SyncNet>.read() }

    func arm(_ timer: TimerName, of node: NodeID, within range: ClosedRange<Interval>) {
        clock.arm(timer, within: range)
    }

    func cancel(_ timer: TimerName, of node: NodeID) { clock.cancel(timer) }

    // MARK: Journal. A client keeps nothing.

    func write(_ write: JournalWrite, by node: NodeID, ticket: Ticket) {
        inbox.put(.journalFailed(.broken))
    }

    func fetch(_ query: JournalQuery, by node: NodeID, ticket: Ticket) {
        inbox.put(.journalFailed(.broken))
    }

    // MARK: The rest

    func output(_ output: NodeOutput, by node: NodeID) { owner.output(output) }

    func note(_ mark: Mark, by node: NodeID) {}

    func halt(_ node: NodeID) { inbox.close() }

    func settle(_ node: NodeID) {}
}
