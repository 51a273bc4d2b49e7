/// What faults do to one node, beside taking it down. Zero where they do nothing.
@usableFromInline
struct Strain {
    /// It reads pieces of about so many bytes.
    var readBytes: UInt32 = 0
    /// It reads so many bytes per second.
    var readRate: UInt32 = 0
    /// It writes pieces of about so many bytes.
    var writeBytes: UInt32 = 0
    /// What its clocks count in a million of true time; nil: what they count by themselves.
    var rate: UInt32?
    /// The same for its wall clock alone.
    var wallRate: UInt32?

    var hindersReading: Bool { readBytes > 0 || readRate > 0 }
}
