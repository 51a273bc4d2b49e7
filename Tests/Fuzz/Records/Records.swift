import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Feeds any bytes as a server's record: as they are, and as frames with the checksums and numbers
/// that they ought to have. The first byte says how they are cut; it must not matter.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecords(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let cut = bytes.first else { return 0 }
    let rest = Array(bytes.dropFirst())
    for record in [rest, RecordFrame.magic + [RecordFrame.version] + framed(rest)] {
        let whole = read(record, inPiecesOf: max(1, record.count))
        let pieces = read(record, inPiecesOf: Int(cut) + 1)
        precondition(whole == pieces, "what is taken depends on the cut")
        checkRepetition(of: whole)
    }
    return 0
}

/// Each content stands behind two bytes of its length.
private func framed(_ bytes: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    var rest = bytes[...]
    var number: UInt32 = 0
    while rest.count > 2 {
        let length = Int(rest[rest.startIndex]) | Int(rest[rest.startIndex + 1]) << 8
        let content = Array(rest.dropFirst(2).prefix(length))
        rest = rest.dropFirst(2 + length)
        guard !content.isEmpty else { continue }
        var size = content.count
        while size >= 0x80 {
            record.append(UInt8(truncatingIfNeeded: size) | 0x80)
            size >>= 7
        }
        record.append(UInt8(size))
        let sum = UInt32(truncatingIfNeeded: content.withUnsafeBytes { Checksum.of($0) }) ^ number
        record += content + (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
        number += 1
    }
    return record
}

private struct Taken: Equatable {
    var items: [RecordReader.Item] = []
    var problem: RecordReader.Problem?

    static func == (one: Taken, other: Taken) -> Bool {
        one.problem == other.problem && isSame(one.items, other.items)
    }
}

/// Two numbers that are none differ; how they are shown does not, but takes long.
private func isSame(_ one: [RecordReader.Item], _ other: [RecordReader.Item]) -> Bool {
    one == other || "\(one)" == "\(other)"
}

private func read(_ record: [UInt8], inPiecesOf size: Int) -> Taken {
    var reader = RecordReader()
    var taken = Taken()
    do {
        for start in stride(from: 0, to: record.count, by: size) {
            record[start..<min(start + size, record.count)].withUnsafeBytes { reader.feed($0) }
            while let item = try reader.next(isAtEnd: false) { taken.items.append(item) }
        }
        while let item = try reader.next(isAtEnd: true) { taken.items.append(item) }
    } catch {
        taken.problem = error
    }
    return taken
}

/// What was read is written again, and read as it was.
private func checkRepetition(of taken: Taken) {
    guard case .header(var header)? = taken.items.first else { return }
    header.keepsEffects = true
    var bytes: [UInt8] = []
    var writer = RecordWriter(header, veil: Veil { $0 }, into: &bytes)
    var expected = [RecordReader.Item.header(header)]
    for case .step(let step) in taken.items {
        var effects: [Effect<SyncNet>] = []
        // Of a digest there is no way back to what it was made of.
        if case .effects(let all) = step.consequence { effects = all }
        writer.append(step.event, at: step.now, leadingTo: effects[...], into: &bytes)
        var again = step
        again.number = UInt64(expected.count)
        again.consequence = .effects(effects)
        expected.append(.step(again))
    }
    let again = read(bytes, inPiecesOf: bytes.count)
    precondition(isSame(again.items, expected), "what was written is read otherwise")
}
