import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Feeds any bytes as what a client, or a server, says in lines. The first byte says how they
/// are cut. Nothing may trap, and however they were cut, the same lines come out.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEnvelope(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let cut = bytes.first else { return 0 }
    let text = Array(bytes.dropFirst())
    let whole = lines(of: text, inPiecesOf: max(1, text.count))
    precondition(whole == lines(of: text, inPiecesOf: Int(cut) + 1), "a line depends on its cut")
    for line in whole {
        judge(ClientCodec.decodeRequest(line))
        if let reply = try? ClientCodec.decodeReply(line) { _ = encoded(reply) }
    }
    return 0
}

private func lines(of text: [UInt8], inPiecesOf size: Int) -> [[UInt8]] {
    var reader = LineReader(maxBytes: Limits.lineBytesMax)
    var lines: [[UInt8]] = []
    for start in stride(from: 0, to: text.count, by: size) {
        text[start..<min(start + size, text.count)].withUnsafeBytes { reader.feed($0) }
        while let line = reader.next() {
            guard case .line(let bytes) = line else { return lines }
            lines.append(bytes)
        }
    }
    return lines
}

/// What was understood can be said, and is understood alike.
private func judge(_ message: Message) {
    guard case .request(let request) = message.body else { return }
    switch request.body {
    case .invalid, .statusLine: return
    default: break
    }
    let once = encoded(message)
    precondition(once == encoded(ClientCodec.decodeRequest(Array(once.dropLast()))), "not the same")
}

private func encoded(_ message: Message) -> [UInt8] {
    var bytes: [UInt8] = []
    ClientCodec.encode(message, sender: "fuzz", createdAt: 0, into: &bytes)
    return bytes
}
