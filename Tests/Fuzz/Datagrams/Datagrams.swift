import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Feeds any bytes as a datagram of a server: as they are, and with the checksum that they ought
/// to have, or the fuzzer would hardly ever get past it. What is understood has one encoding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDatagrams(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    judge(bytes)
    let sum = bytes.withUnsafeBytes { Checksum.of($0) }
    judge(bytes + (0..<8).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) })
    if let seal = bytes.withUnsafeBytes({ DatagramSeal($0) }) { judge(seal, bytes) }
    return 0
}

private func judge(_ bytes: [UInt8]) {
    guard let message = try? bytes.withUnsafeBytes({ try PeerCodec.decode($0) }),
        let version = bytes.withUnsafeBytes({ PeerCodec.version(of: $0) })
    else { return }
    var again: [UInt8] = []
    PeerCodec.encode(message, as: version, into: &again)
    precondition(again == bytes, "a message has two encodings")
}

private func judge(_ seal: DatagramSeal, _ bytes: [UInt8]) {
    precondition(seal.encoded.elementsEqual(bytes.prefix(DatagramSeal.bytes)), "another seal")
    var guarded = DatagramGuard(me: NodeID(0), members: 3, boot: Boot(1), dice: 5)
    let first = guarded.judge(seal)
    _ = guarded.takeGreeting(to: seal.from, now: .zero)
    precondition(guarded.judge(seal) != .accepted || first != .accepted, "accepted twice")
}
