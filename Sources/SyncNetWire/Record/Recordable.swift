import StateMachine
import SyncNetProtocol

/// A fact that stands in a server's record. What was written is read back as it was; a tag
/// never gets another meaning within one version of the format.
protocol Recordable {
    func write(into bytes: inout [UInt8])
    init(from reader: inout ByteReader) throws(WireError)
}

extension [UInt8] {
    /// Appends facts, one behind the other.
    @inline(__always)
    mutating func put<each Fact: Recordable>(_ fact: repeat each Fact) {
        repeat (each fact).write(into: &self)
    }

    /// Appends the tag of a case, and what the case holds.
    @inline(__always)
    mutating func tagged<each Fact: Recordable>(_ tag: UInt8, _ fact: repeat each Fact) {
        append(tag)
        repeat (each fact).write(into: &self)
    }

    /// Seven bits a byte, lowest first, the high bit set on all but the last (LEB128).
    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func fixed64(_ value: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    @inline(__always)
    mutating func fixed32(_ value: UInt32) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension ByteReader {
    /// The next fact.
    @inline(__always)
    mutating func read<Fact: Recordable>() throws(WireError) -> Fact { try Fact(from: &self) }
}

extension Bool: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
    init(from reader: inout ByteReader) throws(WireError) { self = try reader.flag() }
}

extension UInt64: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.varint(self) }
    init(from reader: inout ByteReader) throws(WireError) { self = try reader.varint() }
}

extension Int: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.varint(UInt64(bitPattern: Int64(self))) }
    init(from reader: inout ByteReader) throws(WireError) {
        self = Int(Int64(bitPattern: try reader.varint()))
    }
}

extension UInt32: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.varint(UInt64(self)) }
    init(from reader: inout ByteReader) throws(WireError) { self = try reader.small() }
}

extension UInt16: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.varint(UInt64(self)) }
    init(from reader: inout ByteReader) throws(WireError) {
        guard let value = UInt16(exactly: try reader.varint()) else { throw .invalid("port") }
        self = value
    }
}

extension Double: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.fixed64(bitPattern) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(bitPattern: try reader.fixed64())
    }
}

extension Text: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.varint(UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    init(from reader: inout ByteReader) throws(WireError) { self = try reader.anyText() }
}

extension Optional: Recordable where Wrapped: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.append(self == nil ? 0 : 1)
        self?.write(into: &bytes)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self = try reader.flag() ? try Wrapped(from: &reader) : nil
    }
}

extension Array: Recordable where Element: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.varint(UInt64(count))
        for element in self { element.write(into: &bytes) }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        // Every fact takes a byte at the least.
        let count = try reader.count(ofElementsFrom: 1)
        self = []
        reserveCapacity(count)
        for _ in 0..<count { append(try Element(from: &reader)) }
    }
}

/// What is but a number, mostly a small one.
protocol RecordedNumber: Recordable {
    var number: UInt64 { get }
    init(_ number: UInt64)
}

extension RecordedNumber {
    @inline(__always)
    func write(into bytes: inout [UInt8]) { bytes.varint(number) }
    init(from reader: inout ByteReader) throws(WireError) { self.init(try reader.varint()) }
}

extension Epoch: RecordedNumber {}
extension LogIndex: RecordedNumber {}
extension Stamp: RecordedNumber {}
extension Boot: RecordedNumber {}
extension Ticket: RecordedNumber {}
extension StreamID: RecordedNumber {}

/// What is but a number drawn from all 64 bits.
protocol RecordedDraw: Recordable {
    var number: UInt64 { get }
    init(_ number: UInt64)
}

extension RecordedDraw {
    func write(into bytes: inout [UInt8]) { bytes.fixed64(number) }
    init(from reader: inout ByteReader) throws(WireError) { self.init(try reader.fixed64()) }
}

extension DiskID: RecordedDraw {}
extension ClusterID: RecordedDraw {}

/// What has a byte for each of its cases.
protocol RecordedCase: Recordable, RawRepresentable<UInt8> {}

extension RecordedCase {
    func write(into bytes: inout [UInt8]) { bytes.append(rawValue) }
    init(from reader: inout ByteReader) throws(WireError) {
        guard let value = Self(rawValue: try reader.byte()) else { throw .invalid("case") }
        self = value
    }
}

extension Lap: RecordedCase {}
extension NackReason: RecordedCase {}
extension ServerRole: RecordedCase {}
extension StepDown: RecordedCase {}
extension Drop: RecordedCase {}
extension Sometimes: RecordedCase {}

extension NodeID: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(rank) }
    init(from reader: inout ByteReader) throws(WireError) { self.init(try reader.read()) }
}

extension Interval: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(nanoseconds) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(nanoseconds: try reader.read())
    }
}
