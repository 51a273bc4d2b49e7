/// A map from texts to values: a hash table with open addressing and a fixed hash.
///
/// Its order is that of insertion and never shown, so that no decision can depend on a
/// hash. Values live in slots that keep their number until they are removed.
package struct TextMap<Value> {
    private var keys: [Text?] = []
    private var values: [Value?] = []
    private var free: [Int] = []
    /// Slot number + 1 in each bucket, 0 for none. A power of two long.
    private var buckets: [Int] = Array(repeating: 0, count: 16)
    /// How many keys there are.
    package private(set) var count = 0

    package init() {}

    private static func hash(_ key: Text) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(key.utf8.count)
        key.utf8.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), into: &hash)
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < bytes.count {
                rest = rest << 8 | UInt64(bytes[offset])
                offset += 1
            }
            mix(rest, into: &hash)
        }
        return hash
    }

    @inline(__always)
    private static func mix(_ word: UInt64, into hash: inout UInt64) {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash = product ^ (product &>> 32)
    }

    /// The slot of a key.
    package func slot(of key: Text) -> Int? {
        let mask = buckets.count - 1
        var bucket = Int(truncatingIfNeeded: Self.hash(key)) & mask
        while buckets[bucket] != 0 {
            let slot = buckets[bucket] - 1
            if keys[slot] == key { return slot }
            bucket = (bucket + 1) & mask
        }
        return nil
    }

    /// The value in a slot that is in use.
    package subscript(slot slot: Int) -> Value {
        get {
            guard let value = values[slot] else { preconditionFailure("slot \(slot) is empty") }
            return value
        }
        _modify {
            guard var value = values[slot] else { preconditionFailure("slot \(slot) is empty") }
            values[slot] = nil
            defer { values[slot] = value }
            yield &value
        }
    }

    /// The value of a key.
    package subscript(key: Text) -> Value? { slot(of: key).map { self[slot: $0] } }

    /// The key in a slot that is in use.
    package func key(inSlot slot: Int) -> Text {
        guard let key = keys[slot] else { preconditionFailure("slot \(slot) is empty") }
        return key
    }

    /// Visits all pairs, in an order that must not matter.
    package func forEach(_ body: (Text, Value) -> Void) {
        for (key, value) in zip(keys, values) {
            if let key, let value { body(key, value) }
        }
    }

    /// The slot of a key, made where there was none.
    package mutating func slot(of key: Text, default fallback: @autoclosure () -> Value) -> Int {
        if let slot = slot(of: key) { return slot }
        if (count + 1) * 4 > buckets.count * 3 { grow() }
        let slot = free.popLast() ?? keys.count
        if slot == keys.count {
            keys.append(key)
            values.append(fallback())
        } else {
            keys[slot] = key
            values[slot] = fallback()
        }
        place(slot, key)
        count += 1
        return slot
    }

    private mutating func place(_ slot: Int, _ key: Text) {
        let mask = buckets.count - 1
        var bucket = Int(truncatingIfNeeded: Self.hash(key)) & mask
        while buckets[bucket] != 0 { bucket = (bucket + 1) & mask }
        buckets[bucket] = slot + 1
    }

    private mutating func grow() {
        buckets = Array(repeating: 0, count: buckets.count * 2)
        for (slot, key) in keys.enumerated() {
            if let key { place(slot, key) }
        }
    }

    /// Removes a key. The buckets behind it are filled again, so that no search ends early.
    package mutating func remove(_ key: Text) {
        guard let slot = slot(of: key) else { return }
        let mask = buckets.count - 1
        var bucket = Int(truncatingIfNeeded: Self.hash(key)) & mask
        while buckets[bucket] != slot + 1 { bucket = (bucket + 1) & mask }
        buckets[bucket] = 0
        keys[slot] = nil
        values[slot] = nil
        free.append(slot)
        count -= 1
        bucket = (bucket + 1) & mask
        while buckets[bucket] != 0 {
            let moved = buckets[bucket] - 1
            buckets[bucket] = 0
            if let key = keys[moved] { place(moved, key) }
            bucket = (bucket + 1) & mask
        }
    }
}

extension TextMap: Equatable where Value: Equatable {}
extension TextMap: Sendable where Value: Sendable {}
