import SyncNetProtocol

/// Writes the parts of a message into memory that is large enough by calculation.
///
/// The calculation is checked with every part: a mistake in it must end the process, not
/// reach into foreign memory.
struct ByteWriter: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(into memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    /// The largest varint has ten bytes of seven bits.
    static let varintBytesMax = 10

    /// What has been written from an offset on.
    func written(from offset: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[offset..<count])
    }

    @inline(__always)
    private func expectRoom(_ bytes: Int) {
        precondition(memory.count &- count >= bytes, "the bound of a message was too small")
    }

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        expectRoom(1)
        memory[count] = value
        count &+= 1
    }

    @inline(__always)
    mutating func fixed32(_ value: UInt32) {
        expectRoom(4)
        memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt32.self)
        count &+= 4
    }

    @inline(__always)
    mutating func fixed64(_ value: UInt64) {
        expectRoom(8)
        memory.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
        count &+= 8
    }

    /// Seven bits a byte, lowest first, the high bit set on all but the last (LEB128).
    @inline(__always)
    mutating func varint(_ value: UInt64) {
        expectRoom(Self.varintBytesMax)
        var rest = value
        while rest >= 0x80 {
            memory[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest &>>= 7
            count &+= 1
        }
        memory[count] = UInt8(truncatingIfNeeded: rest)
        count &+= 1
    }

    mutating func text(_ text: Text) {
        varint(UInt64(text.utf8.count))
        expectRoom(text.utf8.count)
        text.utf8.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        }
        count &+= text.utf8.count
    }

    /// Overwrites four bytes that were left free for a length.
    mutating func patch32(_ value: UInt32, at offset: Int) {
        precondition(offset + 4 <= count, "only what was written can be patched")
        memory.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
}

extension [UInt8] {
    /// Fills memory that is large enough for the largest case, and appends what was written:
    /// an array that grows byte by byte asks for each whether it is shared and has room.
    @inline(__always)
    mutating func write(atMost bound: Int, _ fill: (inout ByteWriter) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: bound, alignment: 8) { memory in
            var writer = ByteWriter(into: memory)
            fill(&writer)
            append(contentsOf: writer.written(from: 0))
        }
    }
}
