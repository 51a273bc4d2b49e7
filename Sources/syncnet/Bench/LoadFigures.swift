/// What one run of the load generator measured. All but `commits` leaves out its first second.
struct LoadFigures: Codable, Equatable {
    /// Connections, each with one request under way.
    var clients: Int
    /// Acknowledged messages a second.
    var perSecond: Double
    /// From a request to its acknowledgement: half of all took at most so long, in milliseconds.
    var p50Ms: Double
    /// 99 of a hundred took at most so long, in milliseconds.
    var p99Ms: Double
    /// The slowest, in milliseconds.
    var maxMs: Double
    /// Processor time of all servers for one message, user and system, in microseconds.
    var serverCpuUs: Double
    /// Commits to the disk by all servers for one message: each is one fsync, and now and then
    /// a checkpoint adds some.
    var commits: Double
    /// Flushes that all disks of this machine were asked for, whoever asked, for one message.
    var diskFlushes: Double
    /// Processors that the servers used.
    var serverCores: Double
    /// Processors that the load generator used.
    var generatorCores: Double
    /// Processors that everybody else used: what disturbed the figures.
    var otherCores: Double
    /// Messages that were acknowledged.
    var acknowledged: Int
    /// Messages that were refused, and sent again.
    var refused: Int
    /// How long it was measured.
    var seconds: Double
}
