import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Records made and read in memory.
enum SampleRecord {
    typealias Step = (ClockReading, Event<SyncNet>, [Effect<SyncNet>])

    static let configuration = ServerConfiguration(
        me: NodeID(1),
        members: ["a", "b", "c"].map { Member(id: $0, host: "localhost", port: 8_000) })

    static func bytes(
        full: Bool, configuration: ServerConfiguration = configuration,
        veil: Veil = Veil { $0 }, end: RecordEnd? = nil, _ steps: [Step]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        let header = RecordHeader(
            server: "server1", began: WallTime(microseconds: 5), keepsEffects: full,
            configuration: configuration)
        var writer = RecordWriter(header, veil: veil, into: &bytes)
        for (now, event, effects) in steps {
            writer.append(event, at: now, leadingTo: effects[...], into: &bytes)
        }
        if let end { writer.end(end, into: &bytes) }
        return bytes
    }

    /// Everything that a record holds, read in portions of the size.
    static func items(
        of bytes: [UInt8], inPortionsOf size: Int = 4_096
    ) throws(RecordReader.Problem) -> [RecordReader.Item] {
        var reader = RecordReader()
        var items: [RecordReader.Item] = []
        var rest = bytes[...]
        while true {
            let isAtEnd = rest.isEmpty
            rest.prefix(size).withUnsafeBytes { reader.feed($0) }
            rest = rest.dropFirst(size)
            while let item = try reader.next(isAtEnd: isAtEnd) { items.append(item) }
            if isAtEnd { return items }
        }
    }

    static func steps(of items: [RecordReader.Item]) -> [RecordedStep] {
        items.compactMap {
            guard case .step(let step) = $0 else { return nil }
            return step
        }
    }

    /// Some steps of all kinds.
    static func drawn(_ count: Int, seed: UInt64) -> [Step] {
        var generator = Generator(seed: seed)
        return (0..<count).map { _ in
            (
                generator.reading(),
                generator.event(kind: generator.below(Generator.eventKinds)),
                generator.list(upTo: 4) { $0.effect(kind: $0.below(Generator.effectKinds)) }
            )
        }
    }
}
