import Foundation

/// The bytes of a file, with a size that grows by writing. What was never written is zero.
struct DiskImage: ~Copyable {
    /// Invariant: what is beyond `size` means nothing, so that memory is touched only when
    /// it is used.
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var size = 0

    init() {
        capacity = 1_024
        memory = Self.reallocated(nil, capacity)
    }

    deinit { free(memory) }

    private static func reallocated(
        _ memory: UnsafeMutableRawPointer?, _ capacity: Int
    ) -> UnsafeMutableRawPointer {
        guard let result = realloc(memory, capacity) else {
            preconditionFailure("no memory for a file of \(capacity) bytes")
        }
        return result
    }

    private mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        capacity = max(needed, capacity * 2)
        memory = Self.reallocated(memory, capacity)
    }

    mutating func write(_ source: UnsafeRawPointer, count: Int, at offset: Int) {
        if offset > size { resize(to: offset) }
        reserve(offset + count)
        (memory + offset).copyMemory(from: source, byteCount: count)
        size = max(size, offset + count)
    }

    /// Adds to the end, and answers where.
    mutating func append(_ source: UnsafeRawPointer, count: Int) -> Int {
        let offset = size
        write(source, count: count, at: offset)
        return offset
    }

    /// Cuts, or extends with zeros.
    mutating func resize(to newSize: Int) {
        reserve(newSize)
        if newSize > size { memset(memory + size, 0, newSize - size) }
        size = newSize
    }

    /// Reads up to `count` bytes, and answers how many there were.
    func read(_ target: UnsafeMutableRawPointer, count: Int, at offset: Int) -> Int {
        let there = min(count, max(0, size - offset))
        if there > 0 { target.copyMemory(from: memory + offset, byteCount: there) }
        return there
    }

    /// Becomes equal to another one.
    mutating func copy(from other: borrowing DiskImage) {
        size = 0
        write(other.memory, count: other.size, at: 0)
    }

    /// Whether the same bytes stand in another one.
    func isEqual(to other: borrowing DiskImage) -> Bool {
        size == other.size && memcmp(memory, other.memory, size) == 0
    }

    /// Where the bytes from an offset on are, until the next change.
    func bytes(from offset: Int) -> UnsafeRawPointer { UnsafeRawPointer(memory + offset) }

    /// The last byte of a range that is not zero.
    func lastByte(in range: Range<Int>) -> Int? {
        range.last { memory.load(fromByteOffset: $0, as: UInt8.self) != 0 }
    }

    mutating func flip(bit: Int) {
        precondition(bit >= 0 && bit / 8 < size, "bit \(bit) of a file of \(size) bytes")
        let address = memory + bit / 8
        let byte = address.load(as: UInt8.self)
        address.storeBytes(of: byte ^ (1 << UInt8(bit % 8)), as: UInt8.self)
    }
}
