import StateMachine

/// Which stories were tried in vain, by their digests: a hash table with open addressing.
///
/// Two stories with one digest count as one. That happens among a million stories in one of
/// ten million shrinkings at the most.
struct VainStories {
    /// Digests; 0 for none. Twice as many as there are stories, and more.
    private var slots: [UInt64] = Array(repeating: 0, count: 1_024)
    private var count = 0

    func contains(_ story: Story, _ patience: StoryShrinker.Patience) -> Bool {
        slots[slot(of: Self.digest(story, patience))] != 0
    }

    mutating func insert(_ story: Story, _ patience: StoryShrinker.Patience) {
        if count * 2 >= slots.count { grow() }
        let digest = Self.digest(story, patience)
        slots[slot(of: digest)] = digest
        count += 1
    }

    private func slot(of digest: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: digest >> 1) & mask
        while slots[slot] != 0, slots[slot] != digest { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let all = slots.filter { $0 != 0 }
        slots = Array(repeating: 0, count: slots.count * 4)
        for digest in all { slots[slot(of: digest)] = digest }
    }

    /// All that a run follows from. When its choices were once made is no part of that.
    private static func digest(_ story: Story, _ patience: StoryShrinker.Patience) -> UInt64 {
        var hash = TraceHash()
        hash.add(patience == .endless ? 1 : 0, UInt64(story.settings.count), 0)
        for setting in story.settings {
            hash.add(digest(setting.key), digest(setting.value), 1)
        }
        for decision in story.choices.decisions {
            let names = UInt64(decision.kind) << 16 | UInt64(decision.label)
            let nodes = UInt64(decision.node) << 32 | UInt64(decision.other)
            hash.add(names, nodes, decision.number)
            let (form, value): (UInt64, UInt64) =
                switch decision.value {
                case .number(let number): (2, number)
                case .time(let interval): (3, interval.nanoseconds)
                case .moment(let moment): (4, moment.nanoseconds)
                case .yes: (5, 0)
                case .word(let word): (6, UInt64(word))
                }
            hash.add(UInt64(decision.occurrence), form, value)
        }
        return hash.value | 1
    }

    private static func digest(_ text: String) -> UInt64 {
        Array(text.utf8).withUnsafeBytes { TraceHash.digest($0) }
    }
}
