import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

struct PeerCodecTests {
    @Test(arguments: 0..<Generator.peerKinds)
    func `every kind of message comes back as it was`(kind: UInt64) throws {
        var generator = Generator(seed: kind)
        for _ in 0..<300 {
            let message = Message(stamp: generator.stamp(), body: generator.peerBody(kind: kind))
            #expect(try decoded(encoded(message)) == message)
        }
    }

    @Test(arguments: 0..<Generator.peerKinds)
    func `a message that ends early is refused, wherever it ends`(kind: UInt64) {
        var generator = Generator(seed: 100 + kind)
        for _ in 0..<5 {
            let message = Message(stamp: generator.stamp(), body: generator.peerBody(kind: kind))
            let bytes = encoded(message)
            for length in 0..<bytes.count {
                #expect(throws: WireError.self) { try decoded(Array(bytes[..<length])) }
            }
        }
    }

    @Test(arguments: 0..<Generator.peerKinds)
    func `a single flipped bit is noticed, wherever it is`(kind: UInt64) {
        var generator = Generator(seed: 200 + kind)
        for _ in 0..<3 {
            let message = Message(stamp: generator.stamp(), body: generator.peerBody(kind: kind))
            let bytes = encoded(message)
            for bit in 0..<(bytes.count * 8) {
                var damaged = bytes
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: WireError.self) { try decoded(damaged) }
            }
        }
    }

    @Test func `zeros added or taken away at the end are noticed`() {
        let bytes = encoded(Message(stamp: .zero, body: .roundOver(.zero)))
        #expect(throws: WireError.badChecksum) { try decoded(bytes + [0]) }
        let longer = [2, 0x24, 0, 0, 0] + bytes.suffix(8)
        #expect(throws: WireError.badChecksum) { try decoded(longer) }
    }

    @Test func `encoding appends and keeps what is there`() throws {
        let message = Message(stamp: Stamp(7), body: .roundOver(Epoch(300)))
        var bytes: [UInt8] = [1, 2, 3]
        PeerCodec.encode(message, into: &bytes)
        #expect(Array(bytes[..<3]) == [1, 2, 3])
        #expect(try decoded(Array(bytes[3...])) == message)
    }

    @Test func `the form of a message is fixed`() {
        let message = Message(stamp: Stamp(300), body: .leaderLives(Epoch(2), leader: NodeID(1)))
        #expect(encoded(message) == forged([2, 0x23, 0xAC, 0x02, 2, 1]))
    }

    @Test func `a heartbeat fits a small datagram`() {
        var generator = Generator(seed: 9)
        for _ in 0..<500 {
            let message = Message(stamp: generator.stamp(), body: .heartbeat(generator.heartbeat()))
            #expect(encoded(message).count <= 100)
        }
    }
}

/// The room that is made for a message is calculated: no number may be larger than that.
struct LargestPeerMessageTests {
    private let most = UInt64.max
    private let node = NodeID(.max)
    private let text = Text(utf8: [UInt8](repeating: 0x61, count: 300))
    private var disks: [MemberDisk] {
        [MemberDisk](repeating: MemberDisk(node: node, disk: DiskID(most)), count: 64)
    }
    private var candidate: CandidateID {
        CandidateID(epoch: Epoch(most), index: LogIndex(most), node: node)
    }
    private var serial: TokenSerial { TokenSerial(boot: Boot(most), number: most) }
    private var command: Command {
        Command(
            sender: text, request: SessionRequest(session: text, number: most), createdAt: 1,
            action: .chat(room: text, text: text))
    }
    private var heartbeat: Heartbeat {
        Heartbeat(
            boot: Boot(most), sequence: most, disk: DiskID(most), cluster: ClusterID(most),
            round: Epoch(most), isLeading: true, commit: LogIndex(most),
            sentAt: Instant(nanoseconds: most), wantsAnswer: true)
    }
    private var introduction: Introduction {
        let names = [Text](repeating: text, count: 64)
        let formation = Formation(cluster: ClusterID(most), members: names, disks: disks)
        return Introduction(
            boot: Boot(most), disk: DiskID(most), members: names, isNew: true,
            formation: formation, round: Epoch(most), last: LogIndex(most), wantsAnswer: true,
            nonce: most)
    }

    private func append(_ payload: Payload) -> Append {
        let entry = Entry(
            index: LogIndex(most), epoch: Epoch(most), stamp: Stamp(most), payload: payload)
        return Append(
            epoch: Epoch(most), leader: node, cluster: ClusterID(most),
            previousIndex: LogIndex(most), previousEpoch: Epoch(most),
            entries: [Entry](repeating: entry, count: 100), commit: LogIndex(most),
            sentAt: Instant(nanoseconds: most), isFromLeader: true)
    }

    private var bodies: [Body] {
        [
            .heartbeatAnswer(
                HeartbeatAnswer(
                    heartbeat: heartbeat, echoedBoot: Boot(most), echoedRound: Epoch(most),
                    echo: Instant(nanoseconds: most))),
            .token(
                Token(round: Epoch(most), candidate: candidate, serial: serial, passed: .max)),
            .elected(
                Elected(
                    round: Epoch(most), candidate: candidate, serial: serial, voters: disks,
                    refusedRound: Epoch(most))),
            .introduction(introduction), .append(append(.command(command))),
            .append(append(.epochStarted(by: node))),
            .append(append(.diskAdmitted(node, DiskID(most)))),
            .appendAnswer(
                AppendAnswer(
                    epoch: Epoch(most), disk: DiskID(most), result: .matches(LogIndex(most)),
                    echo: Instant(nanoseconds: most))),
            .relay(most, .command(command, stamp: Stamp(most))),
            .relay(most, .admission(MemberDisk(node: node, disk: DiskID(most)))),
            .relayAnswer(most, .appended(LogIndex(most), Epoch(most))),
        ]
    }

    @Test func `the largest messages can be written, and are not believed`() {
        for body in bodies {
            let bytes = encoded(Message(stamp: Stamp(most), body: body))
            #expect(throws: WireError.invalid("counter")) { try decoded(bytes) }
        }
    }

    @Test func `the largest payload can be written, and is not believed`() {
        let bytes = encoded(.command(command))
        #expect(throws: WireError.invalid("counter")) { try decodedPayload(bytes) }
    }
}

/// The checksum is right in all of these, so that only the reader itself is in the way.
struct ForgedPeerMessageTests {
    @Test func `damage under a right checksum decodes to what it says or throws`() {
        var generator = Generator(seed: 1)
        for _ in 0..<20_000 {
            var content = encoded(generator.peerMessage()).dropLast(8) as [UInt8]
            for _ in 0...generator.below(3) {
                let offset = Int(generator.below(UInt64(content.count)))
                content[offset] = UInt8(truncatingIfNeeded: generator.next())
            }
            expectHonest(forged(content))
        }
    }

    @Test func `random bytes under a right checksum decode to what they say or throw`() {
        var generator = Generator(seed: 2)
        let kinds: [UInt8] = [
            0x10, 0x11, 0x20, 0x21, 0x22, 0x23, 0x24, 0x30, 0x40, 0x41, 0x42, 0x43,
        ]
        for _ in 0..<50_000 {
            let tail = generator.list(upTo: 60) { generator -> UInt8 in
                let bits = generator.next()
                return UInt8(truncatingIfNeeded: generator.flip() ? bits & 7 : bits)
            }
            let version = generator.pick(PeerVersion.allCases).rawValue
            expectHonest(forged([version, generator.pick(kinds)] + tail))
        }
    }

    /// One message has one encoding, so whatever decodes must encode to the same bytes.
    private func expectHonest(
        _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard let message = try? decoded(bytes) else { return }
        let version = PeerVersion(rawValue: bytes[0]) ?? .current
        #expect(encoded(message, as: version) == bytes, sourceLocation: sourceLocation)
    }

    private func error(of content: [UInt8]) -> WireError? {
        do {
            _ = try decoded(forged(content))
            return nil
        } catch {
            return error as? WireError
        }
    }

    @Test func `another version and an unknown kind are named`() {
        #expect(error(of: [3, 0x24, 0, 0]) == .unknownVersion(3))
        #expect(error(of: [0, 0x24, 0, 0]) == .unknownVersion(0))
        #expect(error(of: [1, 0x25, 0, 0]) == .unknownKind(0x25))
        #expect(error(of: []) != nil)
    }

    @Test func `bytes after the end are refused`() {
        #expect(error(of: [1, 0x24, 0, 5]) == nil)
        #expect(error(of: [1, 0x24, 0, 5, 0]) != nil)
    }

    @Test func `a number has one form and is believed up to 2^63`() {
        let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(error(of: [1, 0x24, 0] + most) == nil)
        #expect(error(of: [1, 0x24, 0] + most.dropLast() + [0xFF, 0x01]) == .invalid("counter"))
        #expect(error(of: [1, 0x24, 0] + most.dropLast() + [0xFF, 0x02]) == .invalid("varint"))
        #expect(error(of: [1, 0x24, 0] + most + [0]) != nil)
        #expect(error(of: [1, 0x24, 0, 0x85, 0x00]) == .invalid("varint"))
        #expect(error(of: [1, 0x24, 0, 0x80]) == .truncated)
        #expect(
            error(of: [1, 0x24, 0] + [UInt8](repeating: 0x80, count: 20)) == .invalid("varint"))
    }

    @Test func `a count that can't be there is refused before room is made for it`() {
        let billions: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
        let elected: [UInt8] = [1, 0x21, 0] + [0, 0, 0, 0, 0, 0, 0]
        #expect(error(of: elected + billions) == .truncated)
        let append: [UInt8] = [1, 0x40, 0] + [0, 0, 0] + [UInt8](repeating: 0, count: 8 + 4)
        #expect(error(of: append + [0]) == nil)
        #expect(error(of: append + billions) == .truncated)
    }

    @Test func `more members than a cluster can have are refused`() {
        let members = [UInt8](repeating: 0, count: 2_000)
        let start: [UInt8] = [1, 0x30, 0] + [UInt8](repeating: 0, count: 12)
        #expect(error(of: start + [0x81, 0x08] + members) == .tooLarge)
        #expect(error(of: start + [0x80, 0x08] + members.prefix(1_024)) == nil)
    }

    @Test func `unknown flags and words are refused`() {
        let heartbeat = [UInt8](repeating: 0, count: 13)
        #expect(error(of: [1, 0x10, 0, 0x03] + heartbeat) == nil)
        #expect(error(of: [1, 0x10, 0, 0x08] + heartbeat) == .invalid("flags"))
        let introduction = [UInt8](repeating: 0, count: 20)
        #expect(error(of: [1, 0x30, 0, 0x08] + introduction) == .invalid("flags"))
        #expect(error(of: [2, 0x30, 0, 0x08] + introduction) == nil)
        #expect(error(of: [1, 0x22, 0, 2, 0, 0, 0]) == .invalid("lap"))
        #expect(error(of: [1, 0x43, 0, 0, 3, 15]) == .invalid("reason"))
        #expect(error(of: [1, 0x43, 0, 0, 4, 0]) == .invalid("relayed answer"))
        #expect(error(of: [1, 0x42, 0, 0, 9]) == .invalid("relayed request"))
    }
}
