package import StateMachine
package import SyncNetProtocol

/// Turns a machine's events into the bytes of its record, in order.
package struct RecordWriter {
    private let keepsEffects: Bool
    private let veil: Veil
    private var clock = RecordClock()
    private var number: UInt64 = 0
    private var content: [UInt8] = []
    private var scratch: [UInt8] = []
    private var digest = EffectsDigest()

    /// Begins a record: appends its first bytes. Secrets stand in it behind a veil.
    package init(_ header: RecordHeader, veil: Veil, into bytes: inout [UInt8]) {
        keepsEffects = header.keepsEffects
        self.veil = veil
        var header = header
        header.configuration.operatorToken = header.configuration.operatorToken.map(veil.hide)
        bytes += RecordFrame.magic
        bytes.append(RecordFrame.version)
        content.tagged(RecordFrame.Kind.header.rawValue, header)
        finish(&bytes)
    }

    /// How many events stand in it.
    package var events: UInt64 { number - 1 }

    /// Appends an event, and what followed from it.
    package mutating func append(
        _ event: Event<SyncNet>, at now: ClockReading,
        leadingTo effects: ArraySlice<Effect<SyncNet>>, into bytes: inout [UInt8]
    ) {
        let kind: RecordFrame.Kind = keepsEffects ? .full : .digested
        content.append(kind.rawValue)
        clock.write(now, into: &content)
        content.put(veil.hidingSecrets(in: event))
        if keepsEffects {
            content.varint(UInt64(effects.count))
            for effect in effects { content.put(veil.hidingSecrets(in: effect)) }
        } else {
            digest.removeAll()
            for effect in effects {
                digest.add(veil.hidingSecrets(in: effect), using: &scratch)
            }
            content.put(digest)
        }
        finish(&bytes)
    }

    /// Says why nothing more follows.
    package mutating func end(_ why: RecordEnd, into bytes: inout [UInt8]) {
        content.tagged(RecordFrame.Kind.end.rawValue, why)
        finish(&bytes)
    }

    private mutating func finish(_ bytes: inout [UInt8]) {
        RecordFrame.append(content, number, to: &bytes)
        number += 1
        content.removeAll(keepingCapacity: true)
    }
}
