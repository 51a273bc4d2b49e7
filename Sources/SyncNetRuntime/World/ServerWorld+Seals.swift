import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

// Datagrams between servers that share a secret: a seal, the message, and a code of both.
extension ServerWorld {
    /// How long a start waits for the others to say that they have heard of it. A machine
    /// whose first words are not believed would only have to say them again.
    private static let greetingTime = TimeAmount.milliseconds(50)

    private var secret: ClusterSecret? { settings.settings.secret }

    /// Greets the other servers, so that they believe this start, and it them.
    func greetAll(boot: Boot) {
        let me = settings.configuration.me
        let count = settings.configuration.members.count
        guard secret != nil, count > 1 else { return start() }
        var dice = SystemRandomNumberGenerator()
        vigil = DatagramGuard(me: me, members: count, boot: boot, dice: dice.next())
        stage = .greeting
        for rank in 0..<UInt32(count) where rank != me.rank {
            greet(NodeID(rank), on: .discovery)
        }
        loop.assumeIsolated().scheduleTask(in: Self.greetingTime) { self.start() }
    }

    private func greet(_ peer: NodeID, on purpose: PortPurpose) {
        guard let address = book.address(of: peer, purpose) else { return }
        scratch.removeAll(keepingCapacity: true)
        beginSealed(to: peer)
        endSealed(on: purpose)
        sendScratch(from: purpose, to: [address])
    }

    /// Begins a datagram; the message comes behind it.
    func beginSealed(to peer: NodeID) {
        guard let seal = vigil?.seal(to: peer) else { return }
        scratch += seal.encoded
    }

    /// Ends a datagram.
    func endSealed(on purpose: PortPurpose) {
        guard vigil != nil, let secret else { return }
        scratch += secret.code(of: scratch, for: purpose)
    }

    /// The message of a datagram; nil where there is none that counts.
    func unsealed(
        _ buffer: ByteBuffer, on purpose: PortPurpose, from peer: NodeID
    ) -> ByteBuffer? {
        guard let secret else {
            guard buffer.readableBytesView.first == DatagramSeal.magic else { return buffer }
            countUnauthenticated("\(name(of: peer)) has a secret, but this server has none")
            return nil
        }
        let contentBytes = buffer.readableBytes - ClusterSecret.codeBytes
        guard contentBytes >= DatagramSeal.bytes,
            let content = buffer.getSlice(at: buffer.readerIndex, length: contentBytes),
            ClusterSecret.areEqual(
                content.withUnsafeReadableBytes { secret.code(of: $0, for: purpose) },
                buffer.readableBytesView.suffix(ClusterSecret.codeBytes)),
            let seal = content.withUnsafeReadableBytes({ DatagramSeal($0) })
        else {
            countUnauthenticated("\(name(of: peer)) has another secret or none, or is not itself")
            return nil
        }
        guard seal.from == peer else {
            count(.misplacedDatagram, "one of \(name(of: seal.from)) from \(name(of: peer))")
            return nil
        }
        guard isFresh(seal, on: purpose) else { return nil }
        let message = content.getSlice(
            at: content.readerIndex + DatagramSeal.bytes, length: contentBytes - DatagramSeal.bytes)
        return message.flatMap { $0.readableBytes > 0 ? $0 : nil }
    }

    private func isFresh(_ seal: DatagramSeal, on purpose: PortPurpose) -> Bool {
        let verdict = vigil?.judge(seal) ?? .misplaced
        let now = LoopClock<SyncNet>.read().monotonic
        if vigil?.takeGreeting(to: seal.from, now: now) == true { greet(seal.from, on: purpose) }
        beginIfAllHeard()
        switch verdict {
        case .accepted: return stage == .running
        case .repeated, .formerStart:
            count(.replayedDatagram, "from \(name(of: seal.from))")
        case .staleAddress:
            // Nobody's mistake: this server has just started, or somebody repeats old datagrams.
            _ = counters.count(.staleDatagram)
        case .misplaced: count(.misplacedDatagram, "from \(name(of: seal.from))")
        }
        return false
    }

    private func beginIfAllHeard() {
        guard stage == .greeting, let vigil else { return }
        let me = settings.configuration.me
        let others = (0..<UInt32(settings.configuration.members.count)).map { NodeID($0) }
        if others.allSatisfy({ $0 == me || vigil.heard(of: $0) > 0 }) { start() }
    }

    /// Counts what the secret does not vouch for.
    func countUnauthenticated(_ detail: String) {
        count(.unauthenticated, "\(detail): give all servers the same secret file")
    }
}
