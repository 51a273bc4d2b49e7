/// The timers of one node. A name stands in one slot; arming again gives the slot a new
/// serial, so that the old moment finds nothing.
@usableFromInline
struct TimerTable<Timer: Equatable> {
    @usableFromInline
    struct Slot {
        @usableFromInline var timer: Timer
        /// Zero: not armed.
        @usableFromInline var serial: UInt64
        /// What the node's monotonic clock shows, in nanoseconds, when it fires.
        @usableFromInline var target: UInt64 = 0

        @inlinable
        init(timer: Timer, serial: UInt64) {
            self.timer = timer
            self.serial = serial
        }
    }

    @usableFromInline var slots: [Slot] = []
    @usableFromInline var serial: UInt64 = 0

    @inlinable init() {}

    /// Arms, and gives the slot and the serial with which the moment must come back.
    @inlinable
    mutating func arm(_ timer: Timer) -> (slot: Int, serial: UInt64) {
        serial += 1
        var free = -1
        for index in slots.indices {
            if slots[index].timer == timer {
                slots[index].serial = serial
                return (index, serial)
            }
            if slots[index].serial == 0 { free = index }
        }
        if free >= 0 {
            slots[free] = Slot(timer: timer, serial: serial)
            return (free, serial)
        }
        slots.append(Slot(timer: timer, serial: serial))
        return (slots.count - 1, serial)
    }

    @inlinable
    mutating func cancel(_ timer: Timer) {
        for index in slots.indices where slots[index].timer == timer {
            slots[index].serial = 0
        }
    }

    /// The timer whose moment this is; nil where it was cancelled or armed again, or where
    /// the clock, which shows `reading`, has become slower: another moment is planned then.
    @inlinable
    mutating func fire(_ slot: Int, _ serial: UInt64, _ reading: UInt64) -> Timer? {
        guard slot < slots.count, slots[slot].serial == serial,
            slots[slot].target <= reading
        else { return nil }
        slots[slot].serial = 0
        return slots[slot].timer
    }

    /// Forgets all. Serials go on, so that moments of an earlier boot find nothing.
    @inlinable
    mutating func removeAll() { slots.removeAll(keepingCapacity: true) }
}
