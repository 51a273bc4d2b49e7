import Logging
import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

// What the machine asks for.
extension ServerWorld: World {
    typealias Words = SyncNet

    func datagram(_ message: Message, from: NodeID, to peer: NodeID) {
        if let guest = guests.address(of: peer) { return answer(message, to: guest) }
        guard case .datagram(let purpose) = message.body.way,
            let address = book.address(of: peer, purpose)
        else { return count(.misplacedDatagram, "to \(name(of: peer))") }
        scratch.removeAll(keepingCapacity: true)
        beginSealed(to: peer)
        PeerCodec.encode(
            message, as: versions.version(of: message.body, to: peer), into: &scratch)
        endSealed(on: purpose)
        sendScratch(from: purpose, to: [address])
    }

    private func answer(_ message: Message, to guest: SocketAddress) {
        guard case .reply = message.body else { return count(.misplacedDatagram, "to a guest") }
        encodeForClients(message)
        sendScratch(from: .discovery, to: [guest])
    }

    func publish(_ message: Message, from: NodeID) {
        switch message.body {
        case .reply(.pushed(let post)):
            activeRooms.said(in: post.room, at: post.index)
            encodeForClients(message)
            group.add(scratch)
        default: count(.misplacedDatagram, "to all")
        }
    }

    /// Tells the group each active room's latest index, so that a listener notices the loss of
    /// a room's last message, and of one that no datagram could hold.
    func repeatLatest() {
        for (room, index) in activeRooms.beat() {
            let latest = ClientReply.done(request: nil, room: room, index: index)
            encodeForClients(Message(stamp: .zero, body: .reply(latest)))
            group.add(scratch)
        }
    }

    private func encodeForClients(_ message: Message) {
        scratch.removeAll(keepingCapacity: true)
        ClientCodec.encode(
            message, sender: ownID, createdAt: LoopClock<SyncNet>.read().wall.seconds,
            into: &scratch)
    }

    func sendScratch(from purpose: PortPurpose, to addresses: [SocketAddress]) {
        for address in addresses { send(scratch, from: purpose, to: address) }
    }

    func send(_ bytes: [UInt8], from purpose: PortPurpose, to address: SocketAddress) {
        guard bytes.count <= settings.settings.network.datagramBytesMax else {
            return count(.oversizeDatagram, "\(bytes.count) bytes for \(purpose.name)")
        }
        guard sockets.send(bytes, from: purpose, to: address) else {
            return count(.unsentDatagram, "to \(address)")
        }
        tally.send(bytes.count, over: Tally.Carrier(purpose))
    }

    func open(from: NodeID, to peer: NodeID) {
        guard let address = book.address(of: peer, .election) else {
            return inbox.put(.openFailed(peer, .unreachable))
        }
        let hello = PeerHello(
            digest: PeerHello.digest(
                of: settings.configuration.me, peer, in: settings.configuration.members),
            opener: settings.configuration.me, version: versions.version(to: peer))
        let handler = OutgoingPeerHandler(of: self, hello, to: peer)
        connect(to: address, as: handler).assumeIsolated().flatMap {
            handler.begin(over: $0)
        }.whenComplete { result in
            switch result {
            case .success(let opened): self.opened(opened, handler)
            case .failure(let error):
                if let error = error as? TLSFailure {
                    self.countUntrusted(error, self.name(of: peer))
                }
                self.inbox.put(.openFailed(peer, OpenFailure(error)))
            }
        }
    }

    private func opened(_ opened: OpenedStream, _ handler: OutgoingPeerHandler) {
        let (channel, peer) = (opened.channel, opened.peer)
        guard stage == .running else { return channel.close(promise: nil) }
        guard channel.isActive else { return inbox.put(.openFailed(peer, .unreachable)) }
        let link = addOutgoing(opened)
        handler.link = link
        link.end.send { $0 += opened.beginning }
        inbox.put(.opened(link.end.id, to: peer))
    }

    func send(_ message: Message, from: NodeID, on stream: StreamID) {
        guard let link = links[stream.number] else { return }
        let fits =
            switch link.kind {
            case .client: message.body.way == .client
            case .outgoing: message.body.way == .peerStream
            case .incoming: false
            }
        guard fits else { return count(.misplacedMessage, "to \(name(of: link.peer))") }
        encode(message, on: link)
        guard link.kind == .client else { return }
        if case .reply(.pushed) = message.body { return }
        link.unanswered = max(0, link.unanswered - 1)
        finishIfAnswered(link)
    }

    func encode(_ message: Message, on link: Link) {
        guard link.kind == .client else {
            return link.end.send {
                let start = $0.count
                PeerCodec.appendFrame(message, as: link.version, to: &$0)
                link.mark(&$0, from: start)
            }
        }
        if case .reply(.pushed(let post)) = message.body { return push(post, message, on: link) }
        let now = LoopClock<SyncNet>.read().wall.seconds
        link.end.send { ClientCodec.encode(message, sender: ownID, createdAt: now, into: &$0) }
    }

    // All followers of a room get the same bytes: what is committed at an index never changes.
    private func push(_ post: RoomMessage, _ message: Message, on link: Link) {
        if lastPushed != post.index {
            lastPushed = post.index
            pushedBytes.removeAll(keepingCapacity: true)
            ClientCodec.encode(message, sender: ownID, createdAt: 0, into: &pushedBytes)
        }
        link.end.send { $0 += pushedBytes }
    }

    func close(_ stream: StreamID, from: NodeID) { links[stream.number]?.end.close() }

    func read(by node: NodeID) -> ClockReading { LoopClock<SyncNet>.read() }

    func arm(_ timer: TimerName, of node: NodeID, within range: ClosedRange<Interval>) {
        clock.arm(timer, within: range)
    }

    func cancel(_ timer: TimerName, of node: NodeID) { clock.cancel(timer) }

    func write(_ write: JournalWrite, by node: NodeID, ticket: Ticket) {
        journal.write(write, ticket: ticket)
    }

    func fetch(_ query: JournalQuery, by node: NodeID, ticket: Ticket) {
        journal.fetch(query, ticket: ticket)
    }

    func output(_ output: NodeOutput, by node: NodeID) {
        if case .passwordJob(let job) = output { work(out: job) }
        guard case .report(let report) = output else { return }
        if case .journalFailed(let failure) = report { noteFailure(failure) }
        self.report(report)
    }

    func note(_ mark: Mark, by node: NodeID) {
        tally.note(mark)
        // What people say, and what tells their passwords, is no business of a log.
        if case .applied(let entry, _) = mark {
            logger.trace("applied(\(entry.index.number))")
        } else {
            logger.trace("\(mark)")
        }
    }

    func halt(_ node: NodeID) { halted() }

    func settle(_ node: NodeID) { journal.settle() }
}
