/// What faults do to every link at once.
struct Weather {
    var lossPerMillion: UInt32 = 0
    var doublingPerMillion: UInt32 = 0
    var holdingBackPerMillion: UInt32 = 0
    var corruptionPerMillion: UInt32 = 0
    /// What a datagram has beyond so many bytes is cut off.
    var mtu: UInt32 = .max
    var delay: UInt64 = 0
    /// Whether datagrams may arrive otherwise than they left.
    var isDamaging = false
    /// Whether anything takes longer.
    var isSlow = false
}
