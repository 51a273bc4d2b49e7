/// What the load generator measured of one fan-out. The first messages are not in it.
struct FanoutFigures: Codable, Equatable {
    /// Connections that follow the room.
    var receivers: Int
    /// Messages that were sent.
    var messages: Int
    /// Messages offered in a second; 0 in a burst.
    var rate: Int
    /// Messages that the sender had under way at the most.
    var outstanding: Int
    /// Deliveries a second, from the first message's write to the last delivery's read.
    var perSecond: Double
    /// From the sender's write to a receiver's read: half of all took at most so long, in
    /// milliseconds.
    var p50Ms: Double
    /// 99 of a hundred took at most so long, in milliseconds.
    var p99Ms: Double
    /// The slowest, in milliseconds.
    var maxMs: Double
    /// Messages that reached a receiver, each counted once for every receiver.
    var delivered: Int
    /// Deliveries that were left out, or never came.
    var lost: Int
    /// Deliveries that came again, or after a later one.
    var doubled: Int
    /// Messages that were refused, and sent again.
    var refused: Int
    /// Processor time of all servers for one delivery, user and system, in microseconds.
    var serverCpuUs: Double
    /// Processors that the servers used.
    var serverCores: Double
    /// Processors that the load generator used, sender and receivers together.
    var generatorCores: Double
    /// Processors that everybody else used: what disturbed the figures.
    var otherCores: Double
    /// How long it took.
    var seconds: Double

    /// Of several runs, the one with the middle throughput: its figures belong together. One in
    /// which something was lost or doubled stands for all of them.
    static func middle(of runs: [FanoutFigures]) -> FanoutFigures? {
        if let wrong = runs.first(where: { $0.lost + $0.doubled > 0 }) { return wrong }
        let sorted = runs.sorted { $0.perSecond < $1.perSecond }
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }
}
