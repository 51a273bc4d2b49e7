/// Which operations have been placed so far: bits by the order of invocation.
///
/// In a long history nearly all bits below the running operations are set and none above,
/// so only the words between are remembered.
struct LinearizedSet {
    private var words: [UInt64]
    /// Invariant: all words before it are full.
    private var firstGap = 0
    /// Invariant: all words from it on are empty.
    private var end = 0

    init(count: Int) {
        // One more word than needed, so that there is always a gap.
        words = [UInt64](repeating: 0, count: count / 64 + 1)
    }

    mutating func insert(_ member: Int) {
        let word = member / 64
        words[word] |= 1 << UInt64(member % 64)
        end = max(end, word + 1)
        while words[firstGap] == .max { firstGap += 1 }
    }

    mutating func remove(_ member: Int) {
        let word = member / 64
        words[word] &= ~(1 << UInt64(member % 64))
        firstGap = min(firstGap, word)
        while end > 0, words[end - 1] == 0 { end -= 1 }
    }

    /// Appends what tells the set from all others of its size; no such text is the beginning
    /// of another.
    func append(to text: inout [UInt64]) {
        let between = firstGap..<max(firstGap, end)
        text.append(UInt64(firstGap) << 32 | UInt64(between.count))
        text.append(contentsOf: words[between])
    }
}
