/// The bytes of a file, with a size that grows by writing. What was never written is zero.
struct DiskImage: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var size = 0

    init() {
        capacity = 4_096
        memory = .allocate(byteCount: capacity, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    }

    deinit { memory.deallocate() }

    private mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: memory, byteCount: size)
        (moved + size).initializeMemory(as: UInt8.self, repeating: 0, count: larger - size)
        memory.deallocate()
        memory = moved
        capacity = larger
    }

    mutating func write(_ source: UnsafeRawPointer, count: Int, at offset: Int) {
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

    /// Cuts or extends; what is cut comes back as zeros.
    mutating func resize(to newSize: Int) {
        reserve(newSize)
        if newSize < size {
            (memory + newSize).initializeMemory(
                as: UInt8.self, repeating: 0, count: size - newSize)
        }
        size = newSize
    }

    /// Forgets all bytes without giving memory back. Only for an image that is appended to.
    mutating func reset() { size = 0 }

    /// Reads up to `count` bytes, and answers how many there were.
    func read(_ target: UnsafeMutableRawPointer, count: Int, at offset: Int) -> Int {
        let there = min(count, max(0, size - offset))
        if there > 0 { target.copyMemory(from: memory + offset, byteCount: there) }
        return there
    }

    mutating func copy(from other: borrowing DiskImage) {
        resize(to: 0)
        write(other.memory, count: other.size, at: 0)
    }

    /// Where the bytes from an offset on are, until the next change.
    func bytes(from offset: Int) -> UnsafeRawPointer { UnsafeRawPointer(memory + offset) }

    mutating func flip(bit: Int) {
        precondition(bit >= 0 && bit / 8 < size, "bit \(bit) of a file of \(size) bytes")
        let address = memory + bit / 8
        let byte = address.load(as: UInt8.self)
        address.storeBytes(of: byte ^ (1 << UInt8(bit % 8)), as: UInt8.self)
    }
}
