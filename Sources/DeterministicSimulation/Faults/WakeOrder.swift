/// In which order a process that stood still comes to what waited for it.
enum WakeOrder: UInt64 {
    case asItCame, timersFirst, timersLast, datagramsFirst, streamsFirst

    static let last = WakeOrder.streamsFirst.rawValue
}

/// Where something comes from that waits for a process; what comes from one source keeps its order.
enum WakeSource {
    case timers, datagrams, streams, others

    init(_ kind: DueKind) {
        switch kind {
        case .timer: self = .timers
        case .datagram: self = .datagrams
        case .streamBytes, .streamEnd, .accepted, .opened, .refused, .unreachable, .congested,
            .drained, .closed:
            self = .streams
        default: self = .others
        }
    }
}
