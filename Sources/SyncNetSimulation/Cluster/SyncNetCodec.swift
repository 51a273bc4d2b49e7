package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol
import SyncNetWire

/// The bytes that servers and clients really send, for the simulated network to carry.
package struct SyncNetCodec: SimulatedCodec {
    /// SyncNet's.
    package typealias Words = SyncNet

    private let names: [Text]

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
        let sender = isServer(route.from) ? names[Int(route.from.rank)] : ""
        ClientCodec.encode(
            message, sender: sender, createdAt: route.wall.seconds, into: &bytes)
    }

    /// Takes one direction of a stream apart.
    package func makeDecoder(_ route: Route) -> Decoder {
        switch (isServer(route.from), isServer(route.to)) {
        case (true, true): Decoder(frames: PeerFrames())
        case (true, false): Decoder(replies: LineReader(maxBytes: 1 << 24))
        case (false, _): Decoder(requests: LineReader())
        }
    }

    /// Nobody listens to broadcasts here: what they tell comes by other ways as well.
    package func reaches(
        _ message: Message, from node: NodeID, _ listener: NodeID
    ) -> Bool { false }

    /// Takes bytes of a stream in any portions, and gives messages back.
    package struct Decoder: SimulatedDecoder {
        private var frames: PeerFrames?
        private var requests: LineReader?
        private var replies: LineReader?

        init(
            frames: PeerFrames? = nil, requests: LineReader? = nil, replies: LineReader? = nil
        ) {
            self.frames = frames
            self.requests = requests
            self.replies = replies
        }

        /// Takes the next bytes.
        package mutating func feed(_ bytes: UnsafeRawBufferPointer) {
            frames?.feed(bytes)
            requests?.feed(bytes)
            replies?.feed(bytes)
        }

        /// Takes the next message off.
        package mutating func next() -> Decoded<Message> {
            do {
                if frames != nil {
                    return try frames?.next().map { .message($0) } ?? .incomplete
                }
                if requests != nil { return nextRequest() }
                guard let line = replies?.next() else { return .incomplete }
                guard case .line(let bytes) = line else { return .malformed }
                return .message(try ClientCodec.decodeReply(bytes))
            } catch {
                return .malformed
            }
        }

        private mutating func nextRequest() -> Decoded<Message> {
            switch requests?.next() {
            case nil: .incomplete
            case .tooLong?: .message(ClientCodec.tooLongRequest())
            case .line(let bytes)?: .message(ClientCodec.decodeRequest(bytes))
            }
        }
    }
}
