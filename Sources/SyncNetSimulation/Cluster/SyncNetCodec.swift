package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol
import SyncNetWire

/// The bytes that servers and clients really send, for the simulated network to carry.
package struct SyncNetCodec: SimulatedCodec {
    /// SyncNet's.
    package typealias Words = SyncNet

    private let names: [Text]
    private let pushes = PushedLines()

    init(_ setting: Setting) { names = setting.members.map(\.id) }

    private func isServer(_ node: NodeID) -> Bool { Int(node.rank) < names.count }

    /// Appends a datagram's payload.
    package func encodeDatagram(_ message: Message, _ route: Route, into bytes: inout [UInt8]) {
        switch message.body {
        case .request, .reply: line(message, route, into: &bytes)
        default: PeerCodec.encode(message, into: &bytes)
        }
    }

    /// The message of a datagram between servers.
    package func decodeDatagram(_ bytes: UnsafeRawBufferPointer, _ route: Route) -> Message? {
        try? PeerCodec.decode(bytes)
    }

    /// Appends a message as it stands on a stream: a frame between servers, a line otherwise.
    package func encodeFrame(_ message: Message, _ route: Route, into bytes: inout [UInt8]) {
        switch message.body {
        case .request, .reply: line(message, route, into: &bytes)
        default: PeerCodec.appendFrame(message, to: &bytes)
        }
    }

    private func line(_ message: Message, _ route: Route, into bytes: inout [UInt8]) {
        if case .reply(.pushed(let pushed)) = message.body {
            return pushes.append(pushed, message, to: &bytes)
        }
        let sender = isServer(route.from) ? names[Int(route.from.rank)] : ""
        ClientCodec.encode(
            message, sender: sender, createdAt: route.wall.seconds, into: &bytes)
    }

    /// Takes one direction of a stream apart.
    package func makeDecoder(_ route: Route) -> Decoder {
        switch (isServer(route.from), isServer(route.to)) {
        case (true, true): Decoder(.frames)
        case (true, false): Decoder(.replies)
        case (false, _): Decoder(.requests)
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
        private var frames = PeerFrames()
        private var lines: LineReader

        init(_ kind: Kind) {
            self.kind = kind
            lines = kind == .replies ? LineReader(maxBytes: 1 << 24) : LineReader()
        }

        /// Takes the next bytes.
        package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
            if kind == .frames { frames.feed(bytes) } else { lines.feed(bytes) }
        }

        /// Takes the next message off.
        package mutating func next() -> Decoded<Message> {
            do {
                switch kind {
                case .frames: return try frames.next().map { .message($0) } ?? .incomplete
                case .requests: return nextRequest()
                case .replies: return try nextReply()
                }
            } catch {
                return .malformed
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
            case nil: .incomplete
            case .tooLong?: .message(ClientCodec.tooLongRequest())
            case .line(let bytes)?: .message(ClientCodec.decodeRequest(bytes))
            }
        }
    }
}

/// The line of the message that was pushed last: it goes to all that follow its room, and
/// says the same to each.
private final class PushedLines {
    private var last: RoomMessage?
    private var line: [UInt8] = []

    func append(_ pushed: RoomMessage, _ message: Message, to bytes: inout [UInt8]) {
        if last != pushed {
            line.removeAll(keepingCapacity: true)
            ClientCodec.encode(message, sender: "", createdAt: 0, into: &line)
            last = pushed
        }
        bytes.append(contentsOf: line)
    }
}
