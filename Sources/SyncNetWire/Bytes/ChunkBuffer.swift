/// Bytes that arrived and are not yet taken, in one piece.
///
/// Taken bytes are dropped only when they are at least half of all, so that every byte is
/// moved a bounded number of times.
struct ChunkBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        if start > 0, start >= bytes.count - start {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: chunk)
    }

    mutating func removeFirst(_ count: Int) {
        precondition(count <= self.count, "only what arrived can be taken")
        start += count
        guard start == bytes.count else { return }
        bytes.removeAll(keepingCapacity: true)
        start = 0
    }

    /// Forgets all bytes, and their memory.
    mutating func removeAll() {
        bytes = []
        start = 0
    }

    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { all throws(Failure) in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[start...])))
        }
    }
}
