import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Feeds any bytes as a stream between servers: as they are, and as one frame with the length and
/// checksum that it ought to have. The first byte says how they are cut; it must not matter.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let cut = bytes.first else { return 0 }
    let stream = Array(bytes.dropFirst())
    for stream in [stream, framed(stream) + framed(stream), framed(stream) + stream] {
        let whole = taken(from: stream, inPiecesOf: max(1, stream.count))
        let pieces = taken(from: stream, inPiecesOf: Int(cut) + 1)
        precondition(whole == pieces, "what is taken depends on the cut")
    }
    return 0
}

private func framed(_ content: [UInt8]) -> [UInt8] {
    let sum = content.withUnsafeBytes { Checksum.of($0) }
    let message = content + (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
    return (0..<4).map { UInt8(truncatingIfNeeded: message.count >> ($0 * 8)) } + message
}

private struct Taken: Equatable {
    var messages: [Message] = []
    var unknownVersions = 0
    var failure: WireError?
}

private func taken(from stream: [UInt8], inPiecesOf size: Int) -> Taken {
    var frames = PeerFrames(maxBytes: 1 << 16)
    var taken = Taken()
    for start in stride(from: 0, to: stream.count, by: size) {
        stream[start..<min(start + size, stream.count)].withUnsafeBytes { frames.feed($0) }
        do {
            while let message = try frames.next() { taken.messages.append(message) }
        } catch {
            taken.failure = error
        }
    }
    taken.unknownVersions = frames.unknownVersions
    return taken
}
