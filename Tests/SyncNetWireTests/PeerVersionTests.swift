import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct PeerVersionTests {
    private func feed(_ frames: inout PeerFrames, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { frames.feed($0) }
    }

    /// What a message says in the former version.
    private func asFormerly(_ message: Message) -> Message {
        var message = message
        switch message.body {
        case .introduction(var introduction):
            introduction.nonce = nil
            message.body = .introduction(introduction)
        case .heartbeat(var heartbeat):
            heartbeat.isRecovering = nil
            message.body = .heartbeat(heartbeat)
        case .heartbeatAnswer(var answer):
            answer.heartbeat.isRecovering = nil
            message.body = .heartbeatAnswer(answer)
        case .elected(var elected):
            elected.isDirect = false
            message.body = .elected(elected)
        default: break
        }
        return message
    }

    @Test(arguments: 0..<Generator.peerKinds)
    func `the former version says all but what the current one added`(kind: UInt64) throws {
        var generator = Generator(seed: 300 + kind)
        for _ in 0..<200 {
            let message = Message(stamp: generator.stamp(), body: generator.peerBody(kind: kind))
            let bytes = encoded(message, as: .one)
            #expect(bytes.first == 1)
            #expect(try decoded(bytes) == asFormerly(message))
        }
    }

    @Test func `the current version carries the nonce, in eight bytes more`() throws {
        let introduction = Introduction(
            boot: Boot(1), disk: DiskID(2), members: ["a"], isNew: true, formation: nil,
            round: .zero, last: .zero, wantsAnswer: true, nonce: 7)
        let message = Message(stamp: Stamp(1), body: .introduction(introduction))
        #expect(try decoded(encoded(message)) == message)
        #expect(encoded(message).count == encoded(message, as: .one).count + 8)
    }

    @Test func `former software names the current version unknown, and goes on`() throws {
        let message = Message(stamp: Stamp(1), body: .roundOver(Epoch(2)))
        #expect(throws: WireError.unknownVersion(2)) {
            try encoded(message).withUnsafeBytes { try PeerCodec.decode($0, upTo: .one) }
        }
        var bytes: [UInt8] = []
        PeerCodec.appendFrame(message, to: &bytes)
        PeerCodec.appendFrame(message, as: .one, to: &bytes)
        var frames = PeerFrames(upTo: .one)
        feed(&frames, bytes)
        #expect(try frames.next() == message)
        #expect(frames.unknownVersions == 1)
        #expect(try frames.next() == nil)
    }

    @Test func `a frame of a version to come is passed over, and what follows is read`() throws {
        let message = Message(stamp: Stamp(1), body: .roundOver(Epoch(2)))
        var known: [UInt8] = []
        PeerCodec.appendFrame(message, to: &known)
        var unknown = known
        unknown[4] = 3
        var frames = PeerFrames()
        for byte in known + unknown + unknown + known { feed(&frames, [byte]) }
        #expect(try frames.next() == message)
        #expect(try frames.next() == message)
        #expect(try frames.next() == nil)
        #expect(frames.unknownVersions == 2)
        #expect(frames.pending == 0)
    }
}

struct PeerVersionsTests {
    private let peer = NodeID(1)
    private var heartbeat: Body {
        var generator = Generator(seed: 1)
        return .heartbeat(generator.heartbeat())
    }

    @Test func `a peer is spoken to in the current version until it speaks another`() {
        var versions = PeerVersions(members: 3)
        #expect(versions.version(of: .roundOver(.zero), to: peer) == .two)
        versions.heard(.one, from: peer)
        #expect(versions.isMixed)
        #expect(versions.version(of: .roundOver(.zero), to: peer) == .one)
        #expect(versions.version(to: peer) == .one)
        #expect(versions.version(to: NodeID(2)) == .two)
        versions.heard(.two, from: peer)
        #expect(!versions.isMixed)
        #expect(versions.version(to: peer) == .two)
    }

    @Test func `strangers teach nothing`() {
        var versions = PeerVersions(members: 3)
        versions.heard(.one, from: NodeID(3))
        versions.heard(.one, from: NodeID(70_000))
        #expect(!versions.isMixed)
        #expect(versions.version(to: NodeID(70_000)) == .two)
    }

    @Test func `a former peer gets seven of eight heartbeats in its own version`() {
        var versions = PeerVersions(members: 3)
        versions.heard(.one, from: peer)
        let sent = (0..<16).map { _ in versions.version(of: heartbeat, to: peer) }
        #expect(sent.filter { $0 == .one }.count == 14)
    }

    @Test func `two servers that take each other for former ones find out`() {
        var mine = PeerVersions(members: 2)
        var theirs = PeerVersions(members: 2)
        mine.heard(.one, from: NodeID(1))
        theirs.heard(.one, from: NodeID(0))
        for _ in 0..<8 {
            theirs.heard(mine.version(of: heartbeat, to: NodeID(1)), from: NodeID(0))
            mine.heard(theirs.version(of: heartbeat, to: NodeID(0)), from: NodeID(1))
        }
        #expect(!mine.isMixed)
        #expect(!theirs.isMixed)
    }
}
