/// The configurations that a search has been in: a set of placed operations and a state.
///
/// A hash table with linear probing, a fixed hash, and equality as the last word.
struct ConfigurationTable<State: Equatable> {
    private struct Configuration {
        let hash: UInt64
        let start: Int
        let end: Int
        let state: State
    }

    private var configurations: [Configuration] = []
    /// The sets of all configurations, one after another.
    private var texts: [UInt64] = []
    /// Position in `configurations` plus one; zero where the slot is free.
    private var slots = [UInt32](repeating: 0, count: 64)

    /// Remembers a configuration. Returns false where it is known already.
    mutating func insert(
        _ linearized: LinearizedSet, _ pending: LinearizedSet, _ state: State,
        digest: StateDigest
    ) -> Bool {
        let start = texts.count
        linearized.append(to: &texts)
        pending.append(to: &texts)
        var hash = digest.value
        for place in start..<texts.count { hash = TraceHash.fold(hash, texts[place]) }
        let new = Configuration(hash: hash, start: start, end: texts.count, state: state)
        guard let slot = freeSlot(for: new) else {
            texts.removeSubrange(start...)
            return false
        }
        configurations.append(new)
        slots[slot] = UInt32(configurations.count)
        if configurations.count * 2 > slots.count { grow() }
        return true
    }

    /// The slot for a configuration; nil where an equal one is there.
    private func freeSlot(for new: Configuration) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: new.hash) & mask
        while slots[slot] != 0 {
            if isSame(configurations[Int(slots[slot]) - 1], new) { return nil }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func isSame(_ old: Configuration, _ new: Configuration) -> Bool {
        old.hash == new.hash
            && texts[old.start..<old.end].elementsEqual(texts[new.start..<new.end])
            && old.state == new.state
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (place, configuration) in configurations.enumerated() {
            var slot = Int(truncatingIfNeeded: configuration.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(place + 1)
        }
    }
}
