import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

/// Servers that send each other sealed datagrams over a network that delays, loses and
/// doubles, while an attacker records everything and repeats what he likes. Servers start
/// anew, some of them with an empty disk.
private struct Siege: ~Copyable {
    struct Datagram {
        var seal: DatagramSeal
        /// The message; nil for a greeting.
        var message: Int?
    }

    static let servers: UInt32 = 3

    var dice: Generator
    var guards: [DatagramGuard] = []
    var boots = [UInt64](repeating: 1, count: Int(servers))
    var now = Instant.zero
    var onTheWay: [Datagram] = []
    var recorded: [Datagram] = []
    var sent = 0
    /// How often each message was accepted, by the servers together: it has one receiver.
    var accepted: [Int] = []
    var isAttacked = true

    init(seed: UInt64) {
        dice = Generator(seed: seed)
        for rank in 0..<Self.servers { guards.append(Self.fresh(rank, 1, &dice)) }
    }

    static func fresh(_ rank: UInt32, _ boot: UInt64, _ dice: inout Generator) -> DatagramGuard {
        DatagramGuard(
            me: NodeID(rank), members: Int(servers), boot: Boot(boot),
            dice: UInt32(dice.below(1 << 32)))
    }

    mutating func send(from: Int, to: Int) {
        post(guards[from].seal(to: NodeID(UInt32(to))), message: sent)
        sent += 1
        accepted.append(0)
    }

    private mutating func post(_ seal: DatagramSeal, message: Int?) {
        let datagram = Datagram(seal: seal, message: message)
        onTheWay.append(datagram)
        recorded.append(datagram)
    }

    mutating func deliver(_ datagram: Datagram) {
        let receiver = Int(datagram.seal.to.rank)
        let verdict = guards[receiver].judge(datagram.seal)
        if verdict == .accepted, let message = datagram.message { accepted[message] += 1 }
        let from = datagram.seal.from
        if guards[receiver].takeGreeting(to: from, now: now) {
            post(guards[receiver].seal(to: from), message: nil)
        }
    }

    mutating func step() {
        now = now + .milliseconds(dice.below(8))
        switch dice.below(isAttacked ? 100 : 40) {
        case 0..<20:
            let from = Int(dice.below(UInt64(Self.servers)))
            send(from: from, to: (from + 1 + Int(dice.below(2))) % Int(Self.servers))
        case 20..<40 where !onTheWay.isEmpty:
            deliver(onTheWay.remove(at: Int(dice.below(UInt64(onTheWay.count)))))
        case 40..<46 where !onTheWay.isEmpty:
            onTheWay.remove(at: Int(dice.below(UInt64(onTheWay.count))))
        case 46..<96 where !recorded.isEmpty: deliver(dice.pick(recorded))
        case 96: restart(wiped: false)
        case 97 where dice.chance(1, in: 3): restart(wiped: true)
        default: break
        }
    }

    mutating func restart(wiped: Bool) {
        let rank = Int(dice.below(UInt64(Self.servers)))
        boots[rank] = wiped ? 1 : boots[rank] + 1
        guards[rank] = Self.fresh(UInt32(rank), boots[rank], &dice)
    }
}

struct ReplayAttackTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `no message is accepted twice, whatever is repeated and whoever starts anew`(
        seed: UInt64
    ) {
        var siege = Siege(seed: seed)
        for _ in 0..<6_000 { siege.step() }
        let often = siege.accepted.indices.filter { siege.accepted[$0] > 1 }
        #expect(often.isEmpty)
        #expect(siege.accepted.contains(1))
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `once the attacker rests, what is sent is accepted`(seed: UInt64) {
        var siege = Siege(seed: seed)
        for _ in 0..<3_000 { siege.step() }
        siege.isAttacked = false
        siege.onTheWay = []
        // A greeting may be due for a wiped server, another for what that says then.
        for _ in 0..<6 {
            for from in 0..<3 {
                for to in 0..<3 where to != from { siege.send(from: from, to: to) }
            }
            while !siege.onTheWay.isEmpty {
                siege.now = siege.now + .milliseconds(20)
                siege.deliver(siege.onTheWay.removeFirst())
            }
        }
        let last = siege.accepted.suffix(6)
        #expect(last.allSatisfy { $0 == 1 })
    }
}
