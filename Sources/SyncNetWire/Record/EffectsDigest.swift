package import StateMachine
package import SyncNetProtocol

/// What an event led to, in a few bytes: the kind of each effect, and a checksum over all of
/// them that differs where anything in one of them does.
package struct EffectsDigest: Equatable, Sendable {
    /// The kinds of the effects, in order.
    package var kinds: [EffectKind] = []
    /// A byte of the checksum up to each effect: tells where the first difference is.
    package var traces: [UInt8] = []
    /// The checksum over all of them.
    package var sum: UInt64 = 0

    /// The digest of no effects.
    package init() {}

    /// The digest of effects.
    package init(_ effects: [Effect<SyncNet>]) {
        var scratch: [UInt8] = []
        for effect in effects { add(effect, using: &scratch) }
    }

    /// Takes one effect more, in a buffer that is used again and again.
    mutating func add(_ effect: Effect<SyncNet>, using scratch: inout [UInt8]) {
        scratch.removeAll(keepingCapacity: true)
        effect.write(into: &scratch)
        sum = scratch.withUnsafeBytes { Checksum.of($0, after: sum) }
        kinds.append(EffectKind(effect))
        traces.append(UInt8(truncatingIfNeeded: sum))
    }

    mutating func removeAll() {
        kinds.removeAll(keepingCapacity: true)
        traces.removeAll(keepingCapacity: true)
        sum = 0
    }

    /// The number of the first effect that differs; nil where none does, or none can be named.
    package func firstDifference(from other: EffectsDigest) -> Int? {
        let most = min(kinds.count, other.kinds.count)
        let place = (0..<most).first {
            kinds[$0] != other.kinds[$0] || traces[$0] != other.traces[$0]
        }
        return place ?? (kinds.count == other.kinds.count ? nil : most)
    }
}

extension EffectsDigest: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.varint(UInt64(kinds.count))
        for (kind, trace) in zip(kinds, traces) {
            bytes.append(kind.rawValue)
            bytes.append(trace)
        }
        bytes.fixed64(sum)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        let count = try reader.count(ofElementsFrom: 2)
        for _ in 0..<count {
            kinds.append(try reader.read())
            traces.append(try reader.byte())
        }
        sum = try reader.fixed64()
    }
}
