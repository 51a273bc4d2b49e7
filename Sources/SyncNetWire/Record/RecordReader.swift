import StateMachine
package import SyncNetProtocol

/// Reads a record from its bytes, which come in any portions.
package struct RecordReader {
    /// What comes next in a record.
    package enum Item: Equatable, Sendable {
        /// What the machine was made with. Always the first.
        case header(RecordHeader)
        /// An event.
        case step(RecordedStep)
        /// The record was ended.
        case end(RecordEnd)
        /// The rest is no whole frame: so many bytes. The server was killed, or lost its power,
        /// while it wrote.
        case torn(bytes: Int)
    }

    /// Why bytes are no record, or no whole one.
    package enum Problem: Error, Equatable, Sendable {
        /// It is something else.
        case noRecord
        /// It has another form.
        case otherVersion(UInt8)
        /// It is of another machine.
        case otherMachine(Text)
        /// What stands behind that many events is damaged, with more behind it.
        case damaged(after: UInt64)
        /// What stands behind that many events makes no sense.
        case senseless(after: UInt64, WireError)
    }

    /// So far a whole frame is looked for behind a broken one.
    private static let searchBytesMax = 1 << 16

    private var bytes = ChunkBuffer()
    private var clock = RecordClock()
    private var number: UInt64 = 0
    private var hasBegun = false
    private var hasEnded = false

    /// Makes a reader of a record's beginning.
    package init() {}

    /// Takes the next bytes.
    package mutating func feed(_ chunk: UnsafeRawBufferPointer) { bytes.append(chunk) }

    /// What comes next; nil where more bytes are needed, or, at the end of the file, where
    /// nothing follows.
    package mutating func next(isAtEnd: Bool) throws(Problem) -> Item? {
        if !hasBegun { try begin() }
        guard hasBegun, bytes.count > 0 else { return nil }
        guard !hasEnded else { throw .damaged(after: events) }
        switch bytes.withBytes({ RecordFrame.look(at: $0) }) {
        case .frame(let place, let count, RecordFrame.short(number)):
            let item = try read(place)
            bytes.removeFirst(count)
            self.number += 1
            return item
        case .incomplete where !isAtEnd: return nil
        case .incomplete, .bad, .frame: return try broken(isAtEnd: isAtEnd)
        }
    }

    private var events: UInt64 { number == 0 ? 0 : number - 1 }

    // A server that is killed at once leaves nothing, or less than the first bytes.
    private mutating func begin() throws(Problem) {
        let magic = RecordFrame.magic
        let first = bytes.withBytes { Array($0.prefix(magic.count + 1)) }
        guard first.prefix(magic.count).elementsEqual(magic.prefix(first.count)) else {
            throw .noRecord
        }
        guard first.count > magic.count else { return }
        guard first.last == RecordFrame.version else {
            throw .otherVersion(first.last ?? 0)
        }
        bytes.removeFirst(first.count)
        hasBegun = true
    }

    /// A tear has nothing whole behind it; damage has.
    private mutating func broken(isAtEnd: Bool) throws(Problem) -> Item? {
        // Until there is enough to look for the next frame in.
        if !isAtEnd, bytes.count < 2 * Self.searchBytesMax { return nil }
        let number = RecordFrame.short(number)
        let goesOn = bytes.withBytes { all in
            (0..<min(all.count, Self.searchBytesMax)).contains { offset in
                Self.goesOn(UnsafeRawBufferPointer(rebasing: all[offset...]), from: number)
            }
        }
        guard isAtEnd, !goesOn else { throw .damaged(after: events) }
        hasEnded = true
        defer { bytes.removeAll() }
        return .torn(bytes: bytes.count)
    }

    /// Whether two frames stand here that belong behind one of that number, or the last one.
    private static func goesOn(_ bytes: UnsafeRawBufferPointer, from number: UInt32) -> Bool {
        guard case .frame(_, let count, let found) = RecordFrame.look(at: bytes) else {
            return false
        }
        guard count < bytes.count else { return found &- number < 2 }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[count...])
        guard case .frame(_, _, let next) = RecordFrame.look(at: rest) else { return false }
        return next == found &+ 1
    }

    private mutating func read(_ place: Range<Int>) throws(Problem) -> Item {
        let (number, events) = (number, events)
        var clock = clock
        do {
            let item = try bytes.withBytes { all throws(WireError) -> Item in
                var reader = ByteReader(UnsafeRawBufferPointer(rebasing: all[place]))
                let item = try Self.item(number, &clock, from: &reader)
                try reader.expectEnd()
                return item
            }
            self.clock = clock
            if case .end = item { hasEnded = true }
            if case .header(let header) = item, header.machine != RecordHeader.serverMachine {
                throw Problem.otherMachine(header.machine)
            }
            return item
        } catch let problem as Problem {
            throw problem
        } catch let error as WireError {
            throw .senseless(after: events, error)
        } catch {
            throw .damaged(after: events)
        }
    }

    private static func item(
        _ number: UInt64, _ clock: inout RecordClock, from reader: inout ByteReader
    ) throws(WireError) -> Item {
        guard let kind = RecordFrame.Kind(rawValue: try reader.byte()),
            (kind == .header) == (number == 0)
        else { throw .invalid("frame") }
        switch kind {
        case .header: return .header(try reader.read())
        case .end: return .end(try reader.read())
        case .digested, .full:
            let now = try clock.read(from: &reader)
            let event: Event<SyncNet> = try reader.read()
            let consequence: RecordedStep.Consequence =
                kind == .full ? .effects(try reader.read()) : .digest(try reader.read())
            return .step(
                RecordedStep(number: number, now: now, event: event, consequence: consequence))
        }
    }
}
