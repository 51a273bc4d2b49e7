public import StateMachine
public import SyncNetProtocol

/// Decides which sealed datagrams are fresh, so that somebody who records and repeats them,
/// in any order and as often as he likes, moves nothing.
///
/// A datagram counts once: it names its sender's start and a number of that start, of which
/// a ``ReplayWindow`` keeps account. What was recorded before its *sender* started anew is of a
/// lower start than the one heard. What was recorded before its *receiver* started anew, when
/// there was another account, names the wrong start of the receiver. Who is told so by an empty
/// datagram (a *greeting*) knows the right one from then on.
///
/// A start is the boot counter with dice below it. A disk that was wiped counts from 1 again:
/// its server is told by others that they have heard a later start, and leaps beyond that.
public struct DatagramGuard: Equatable, Sendable {
    /// What becomes of a datagram.
    public enum Verdict: Equatable, Sendable {
        /// It is fresh.
        case accepted
        /// It came before, or may have.
        case repeated
        /// It is of an earlier start of its sender.
        case formerStart
        /// It was meant for an earlier start of this server, or for whichever start.
        case staleAddress
        /// It is of nobody, or for somebody else.
        case misplaced
    }

    /// The dice below a boot counter: so many bits.
    static let diceBits: UInt64 = 32
    /// Starts and numbers stay below this; nobody honest comes near.
    static let numbersMax: UInt64 = 1 << 62
    /// A server is greeted at most once in this time, however often somebody repeats what
    /// it once sent.
    public static let greetingPause = Interval.milliseconds(10)

    private struct Peer: Equatable, Sendable {
        var boot: UInt64 = 0
        var window = ReplayWindow()
        var isGreetingDue = false
        var lastGreeting: Instant?
    }

    private let me: NodeID
    private let dice: UInt64
    private var peers: [Peer]
    private var lastNumber: UInt64 = 0
    /// This server's start.
    public private(set) var boot: UInt64

    /// Makes the guard of one start of a server. `dice` are any bits that no other start has.
    public init(me: NodeID, members: Int, boot: Boot, dice: UInt32) {
        self.me = me
        self.dice = UInt64(dice)
        self.boot = min(boot.number, 1 << 29) << Self.diceBits | UInt64(dice)
        peers = Array(repeating: Peer(), count: members)
    }

    /// The seal of the next datagram to a peer.
    public mutating func seal(to peer: NodeID) -> DatagramSeal {
        lastNumber += 1
        return DatagramSeal(
            from: me, to: peer, boot: boot, number: lastNumber, heard: heard(of: peer))
    }

    /// The last start of a peer of which this server has heard; 0 for none.
    public func heard(of peer: NodeID) -> UInt64 {
        peer.rank < peers.count ? peers[Int(peer.rank)].boot : 0
    }

    /// Judges a datagram for which the cluster's secret vouches.
    public mutating func judge(_ seal: DatagramSeal) -> Verdict {
        guard seal.to == me, seal.from != me, seal.from.rank < peers.count,
            seal.boot < Self.numbersMax, seal.heard < Self.numbersMax
        else { return .misplaced }
        let slot = Int(seal.from.rank)
        // Others have heard a later start of this server: its disk was wiped since.
        if seal.heard > boot { boot = seal.heard + 1 + dice }
        if seal.boot > peers[slot].boot {
            peers[slot].boot = seal.boot
            peers[slot].window = ReplayWindow()
        }
        guard seal.boot == peers[slot].boot else {
            peers[slot].isGreetingDue = true
            return .formerStart
        }
        guard seal.heard == boot else {
            peers[slot].isGreetingDue = true
            return .staleAddress
        }
        return peers[slot].window.take(seal.number) ? .accepted : .repeated
    }

    /// Whether the sender of what was just refused is to be greeted now.
    public mutating func takeGreeting(to peer: NodeID, now: Instant) -> Bool {
        guard peer.rank < peers.count, peers[Int(peer.rank)].isGreetingDue else { return false }
        let slot = Int(peer.rank)
        if let last = peers[slot].lastGreeting, now.since(last) < Self.greetingPause {
            return false
        }
        peers[slot].isGreetingDue = false
        peers[slot].lastGreeting = now
        return true
    }
}
