package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol
import SyncNetWire

/// The bytes that servers and clients really send, for the simulated network to carry.
package struct SyncNetCodec: SimulatedCodec {
    /// SyncNet's.
    package typealias Words = SyncNet

    private let names: [Text]
    private let bugs: PlantedBugs
    private let pushes = PushedLines()
    private let tally: WireTally

    init(_ setting: Setting) {
        names = setting.members.map(\.id)
        bugs = setting.scenario.bugs
        tally = WireTally(servers: setting.servers)
    }

    /// How often each rare situation was reached.
    package var points: [Counter] { tally.points }

    private func isServer(_ node: NodeID) -> Bool { Int(node.rank) < names.count }

    /// Appends a datagram's payload.
    package func encodeDatagram(_ message: Message, _ route: Route, into bytes: inout [UInt8]) {
        switch message.body {
        case .request, .reply: line(message, route, into: &bytes)
        default:
            let version = version(of: message.body, route)
            PeerCodec.encode(message, as: version, into: &bytes)
        }
    }

    private func version(of body: Body, _ route: Route) -> PeerVersion {
        if route.fromFormer { return .one }
        let version = tally.versions[Int(route.from.rank)].version(of: body, to: route.to)
        if version != .current { tally.reached(.answeredInFormerVersion) }
        return version
    }

    /// The message of a datagram between servers.
    package func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Message? {
        let receiver = Int(route.to.rank)
        if tally.deadReaders[receiver] { return nil }
        var whole = bytes
        if bugs.contains(.x2ShortReceiveBuffer) {
            whole = UnsafeRawBufferPointer(rebasing: bytes.prefix(128))
        }
        do {
            let newest: PeerVersion = route.toFormer ? .one : .current
            let message = try PeerCodec.decode(whole, upTo: newest)
            heard(message, PeerCodec.version(of: whole) ?? newest, route)
            return message
        } catch {
            tally.failed(error)
            if bugs.contains(.x3VersionKillsReader), case .unknownVersion = error {
                tally.deadReaders[receiver] = true
            }
            return nil
        }
    }

    @inline(__always)
    private func heard(_ message: Message, _ version: PeerVersion, _ route: Route) {
        tally.versions[Int(route.to.rank)].heard(version, from: route.from)
        if version != .current, !route.toFormer { tally.reached(.formerVersionRead) }
        guard case .introduction(let introduction) = message.body else { return }
        if introduction.nonce != nil, !introduction.wantsAnswer { tally.reached(.nonceCameBack) }
    }

    /// Appends a message as it stands on a stream: a frame between servers, a line otherwise.
    package func encodeFrame(_ message: Message, _ route: Route, into bytes: inout [UInt8]) {
        switch message.body {
        case .reply(.pushed(let pushed)): pushes.append(pushed, message, to: &bytes)
        case .request, .reply: line(message, route, into: &bytes)
        default:
            let known = tally.versions[Int(route.from.rank)].version(to: route.to)
            PeerCodec.appendFrame(message, as: route.fromFormer ? .one : known, to: &bytes)
        }
    }

    private func line(_ message: Message, _ route: Route, into bytes: inout [UInt8]) {
        if case .request(let request) = message.body,
            case .invalid(_, let nonsense, _) = request.body
        {
            bytes.append(contentsOf: nonsense.utf8)
            bytes.append(UInt8(ascii: "\n"))
            return
        }
        let sender = isServer(route.from) ? names[Int(route.from.rank)] : ""
        ClientCodec.encode(
            message, sender: sender, createdAt: route.wall.seconds, into: &bytes)
    }

    /// Takes one direction of a stream apart.
    package func makeDecoder(_ route: Route) -> Decoder {
        switch (isServer(route.from), isServer(route.to)) {
        case (true, true): Decoder(.frames, tally, upTo: route.toFormer ? .one : .current)
        case (true, false): Decoder(.replies, tally)
        case (false, _): Decoder(.requests, tally)
        }
    }

    /// Nobody listens to broadcasts here: what they tell comes by other ways as well.
    package func reaches(
        _ message: Message, from node: NodeID, _ listener: NodeID
    ) -> Bool { false }

    /// Takes bytes of a stream in any portions, and gives messages back.
    package struct Decoder: SimulatedDecoder {
        enum Kind {
            case frames
            case requests
            case replies
        }

        private let kind: Kind
        private let tally: WireTally
        private var frames: PeerFrames
        private var lines: LineReader
        /// Messages of the portion that came last.
        private var taken = 0
        /// Whether a portion ended within a message.
        private var isWithin = false

        init(_ kind: Kind, _ tally: WireTally, upTo newest: PeerVersion = .current) {
            self.kind = kind
            self.tally = tally
            frames = PeerFrames(upTo: newest)
            lines = kind == .replies ? LineReader(maxBytes: 1 << 24) : LineReader()
        }

        /// Takes the next bytes.
        package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
            taken = 0
            if kind == .frames { return frames.feed(bytes) }
            lines.feed(bytes)
            // A byte that begins a letter of several bytes.
            if let last = bytes.last, last >= 0xC0 { tally.reached(.letterWasCut) }
        }

        /// Takes the next message off.
        package mutating func next() -> Decoded<Message> {
            do {
                let decoded: Decoded<Message> =
                    switch kind {
                    case .frames: try frames.next().map { .message($0) } ?? .incomplete
                    case .requests: nextRequest()
                    case .replies: try nextReply()
                    }
                note(decoded)
                return decoded
            } catch {
                return .malformed
            }
        }

        @inline(__always)
        private mutating func note(_ decoded: Decoded<Message>) {
            switch decoded {
            case .message:
                taken += 1
                if taken == 2 {
                    tally.reached(kind == .frames ? .framesCameTogether : .linesCameTogether)
                }
                guard isWithin else { return }
                isWithin = false
                tally.reached(kind == .frames ? .frameCameInPieces : .lineCameInPieces)
            case .incomplete:
                isWithin = kind == .frames ? frames.pending > 0 : lines.pending > 0
            case .malformed: break
            }
        }

        private mutating func nextReply() throws(WireError) -> Decoded<Message> {
            try lines.read { line throws(WireError) -> Decoded<Message> in
                guard let line else { return .malformed }
                return .message(try ClientCodec.decodeReply(line))
            } ?? .incomplete
        }

        private mutating func nextRequest() -> Decoded<Message> {
            switch lines.next() {
            case nil: return .incomplete
            case .tooLong?:
                tally.reached(.lineWasTooLong)
                return .message(ClientCodec.tooLongRequest())
            case .line(let bytes)?:
                let message = ClientCodec.decodeRequest(bytes)
                tally.read(bytes, message)
                return .message(message)
            }
        }
    }
}

/// The lines of messages that were pushed lately: each goes to all that follow its room, by
/// every server, and says the same to each.
private final class PushedLines {
    private struct Line {
        // No message stands at index zero.
        var message = RoomMessage(
            room: "", index: .zero, previous: .zero, stamp: .zero, sender: "", createdAt: 0,
            text: "")
        var bytes: [UInt8] = []
    }

    private static let kept: UInt64 = 64

    private var lines = [Line](repeating: Line(), count: Int(kept))

    func append(_ pushed: RoomMessage, _ message: Message, to bytes: inout [UInt8]) {
        let slot = Int(pushed.index.number % Self.kept)
        if lines[slot].message != pushed {
            lines[slot].bytes.removeAll(keepingCapacity: true)
            ClientCodec.encode(message, sender: "", createdAt: 0, into: &lines[slot].bytes)
            lines[slot].message = pushed
        }
        bytes.append(contentsOf: lines[slot].bytes)
    }
}
