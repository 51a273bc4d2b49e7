import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

// What arrives from outside and becomes an event.
extension ServerWorld {
    func acceptClient(over channel: any Channel) -> Link? {
        guard stage != .ended else {
            channel.close(promise: nil)
            return nil
        }
        guard let manners = admit(channel) else { return nil }
        // Ranks of clients lie between those of members and those of guests.
        let span = Guests.firstRank - UInt32(Limits.membersMax)
        lastClient = (lastClient + 1) % span
        let peer = NodeID(UInt32(Limits.membersMax) + lastClient)
        return add(.client, to: peer, over: channel, manners)
    }

    /// Whether a stream may be opened by whom the hello names.
    func mayOpen(_ hello: PeerHello?, over channel: any Channel) -> Bool {
        guard stage == .running else { return false }
        let configuration = settings.configuration
        guard let hello, hello.opener != configuration.me,
            Int(hello.opener.rank) < configuration.members.count,
            hello.digest
                == PeerHello.digest(
                    of: hello.opener, configuration.me, in: configuration.members),
            let home = book.address(of: hello.opener, .election),
            home.ipAddress == channel.remoteAddress?.ipAddress
        else {
            let who = hello.map { name(of: $0.opener) } ?? "no server"
            count(.refusedHello, "\(who) at \(channel.remoteAddress?.description ?? "?")")
            return false
        }
        return true
    }

    func acceptPeer(_ hello: PeerHello, over channel: any Channel) -> Link? {
        guard stage == .running else { return nil }
        versions.heard(hello.version, from: hello.opener)
        return add(.incoming, to: hello.opener, over: channel)
    }

    private func add(
        _ kind: Link.Kind, to peer: NodeID, over channel: any Channel, _ manners: Manners? = nil
    ) -> Link {
        let end = nextEnd(over: channel)
        let link = Link(kind, to: peer, over: end)
        link.manners = manners
        links[end.id.number] = link
        announce(link)
        return link
    }

    func addOutgoing(_ opened: OpenedStream) -> Link {
        let end = nextEnd(over: opened.channel)
        let link = Link(
            .outgoing, to: opened.peer, over: end, version: opened.version, key: opened.key)
        link.isAnnounced = true
        links[end.id.number] = link
        return link
    }

    /// Tells the machine of a stream that was accepted, as soon as it runs.
    func announce(_ link: Link) {
        guard stage == .running else { return }
        link.isAnnounced = true
        inbox.put(.accepted(link.end.id, from: link.peer))
        if link.hasInputEnded { finishIfAnswered(link) }
    }

    func take(_ message: Message, from link: Link) {
        switch link.kind {
        case .client: takeRequest(message, from: link)
        case .incoming:
            guard message.body.way == .peerStream else {
                count(.misplacedMessage, "from \(name(of: link.peer))")
                return link.end.cut()
            }
            inbox.put(.message(message, on: link.end.id))
        case .outgoing: preconditionFailure("read from a stream that goes one way")
        }
    }

    private func takeRequest(_ message: Message, from link: Link) {
        guard isInTime(message, from: link) else { return }
        guard stage == .running else { return answerAlone(message, on: link) }
        link.unanswered += 1
        inbox.put(.message(message, on: link.end.id))
    }

    // The machine does not run yet: its disk may take a while to be read.
    private func answerAlone(_ message: Message, on link: Link) {
        guard case .request(let request) = message.body else { return }
        if case .statusLine = request.body {
            return reply(.statusLine("RECOVERING epoch=0 commit=0 applied=0"), on: link)
        }
        reply(
            .nack(
                request: request.request, .unavailable,
                detail: "the server is starting: try again in a moment"), on: link)
        if case .invalid(_, _, closes: true) = request.body { link.end.close() }
    }

    func reply(_ reply: ClientReply, on link: Link) {
        encode(Message(stamp: .zero, body: .reply(reply)), on: link)
    }

    func writabilityChanged(of link: Link, isWritable: Bool) {
        guard link.isAnnounced, !link.end.isClosing else { return }
        inbox.put(isWritable ? .drained(link.end.id) : .congested(link.end.id))
    }

    /// The client says no more, but may still wait for answers: `printf … | nc` is such one.
    func inputEnded(of link: Link) {
        link.hasInputEnded = true
        finishIfAnswered(link)
        guard !link.end.isClosing else { return }
        let limit = TimeAmount(settings.settings.timing.request) + .seconds(1)
        loop.assumeIsolated().scheduleTask(in: limit) { link.end.close() }
    }

    func finishIfAnswered(_ link: Link) {
        guard link.hasInputEnded, link.unanswered == 0 else { return }
        link.end.close()
    }

    func ended(_ link: Link) {
        remove(link)
        guard link.isAnnounced else { return }
        inbox.put(.closed(link.end.id))
    }

    func takeDatagram(on purpose: PortPurpose, _ buffer: ByteBuffer, from source: SocketAddress) {
        tally.receive(buffer.readableBytes, over: Tally.Carrier(purpose))
        guard stage == .running || stage == .greeting else { return }
        switch purpose {
        case .clients, .chat: break
        case .discovery where buffer.readableBytesView.first == UInt8(ascii: "{"):
            if stage == .running { takeQuestion(buffer, from: source) }
        case .discovery, .heartbeat, .election:
            takePeerDatagram(on: purpose, buffer, from: source)
        }
    }

    private func takeQuestion(_ buffer: ByteBuffer, from source: SocketAddress) {
        var line = Array(buffer.readableBytesView)
        while line.last == UInt8(ascii: "\n") || line.last == UInt8(ascii: "\r") {
            line.removeLast()
        }
        let message = ClientCodec.decodeRequest(line)
        guard case .request(let request) = message.body, case .discovery = request.body else {
            return count(.undecodableDatagram, "no client_discovery from \(source)")
        }
        inbox.put(.datagram(message, from: guests.node(of: source)))
    }

    private func takePeerDatagram(
        on purpose: PortPurpose, _ buffer: ByteBuffer, from source: SocketAddress
    ) {
        guard let peer = book.node(at: source, purpose) else {
            return count(.unknownSource, "\(source) on the port for \(purpose.name)")
        }
        // Broadcasts come home, too.
        guard peer != settings.configuration.me,
            let content = unsealed(buffer, on: purpose, from: peer)
        else { return }
        do {
            let (message, version) = try content.withUnsafeReadableBytes {
                bytes throws(WireError) in
                (try PeerCodec.decode(bytes), PeerCodec.version(of: bytes) ?? .current)
            }
            guard message.body.way == .datagram(purpose) else {
                return count(.misplacedDatagram, "from \(name(of: peer))")
            }
            versions.heard(version, from: peer)
            inbox.put(.datagram(message, from: peer))
        } catch {
            if case .unknownVersion = error {
                return count(.unknownVersion, "\(error) from \(name(of: peer))")
            }
            count(.undecodableDatagram, "\(error) from \(name(of: peer))")
        }
    }
}

extension TimeAmount {
    init(_ interval: Interval) {
        self = .nanoseconds(Int64(clamping: interval.nanoseconds))
    }
}
