import Foundation

/// A line of the table of `bench simulator`.
struct SimulatorRow: Encodable {
    var workload: String
    var summary: String
    /// Processor time of this process, user and system.
    var cpuSeconds: Double
    var runs = 0
    /// How many times a machine handled an event.
    var events: UInt64 = 0
    /// Messages that arrived, in what is no SyncNet; those that were sent in what is.
    var messages: UInt64 = 0
    var simulatedSeconds = 0.0
    /// The hashes of all traces, mixed in order.
    var traceHash = ""
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    private enum CodingKeys: String, CodingKey {
        case workload, summary, cpuSeconds, runs, events, messages, simulatedSeconds, traceHash
        case timesRealTime, eventsPerSecond, messagesPerSecond, runsPerMinute
    }

    init(workload: String, summary: String, cpuSeconds: Double) {
        self.workload = workload
        self.summary = summary
        self.cpuSeconds = cpuSeconds
    }

    mutating func mix(_ other: UInt64) {
        hash = (hash ^ other) &* 0x100_0000_01B3
        hash ^= hash >> 29
        traceHash = String(hash, radix: 16)
    }

    /// Simulated seconds in a second of a processor.
    var timesRealTime: Double { perSecond(simulatedSeconds) }
    var eventsPerSecond: Double { perSecond(Double(events)) }
    var messagesPerSecond: Double { perSecond(Double(messages)) }
    /// Of one processor.
    var runsPerMinute: Double { perSecond(Double(runs)) * 60 }

    private func perSecond(_ number: Double) -> Double {
        cpuSeconds > 0 ? number / cpuSeconds : 0
    }

    /// What stands above the columns. All rates are of a second of processor time.
    static let head = [
        "workload", "runs", "CPU s", "x real time", "events/s", "messages/s", "runs/min",
        "trace hash",
    ]

    var cells: [String] {
        [
            workload, "\(runs)", String(format: "%.2f", cpuSeconds), whole(timesRealTime),
            whole(eventsPerSecond), whole(messagesPerSecond), whole(runsPerMinute), traceHash,
        ]
    }

    private func whole(_ number: Double) -> String {
        String(format: number < 10 ? "%.1f" : "%.0f", number)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(workload, forKey: .workload)
        try fields.encode(summary, forKey: .summary)
        try fields.encode(cpuSeconds, forKey: .cpuSeconds)
        try fields.encode(runs, forKey: .runs)
        try fields.encode(events, forKey: .events)
        try fields.encode(messages, forKey: .messages)
        try fields.encode(simulatedSeconds, forKey: .simulatedSeconds)
        try fields.encode(traceHash, forKey: .traceHash)
        try fields.encode(timesRealTime, forKey: .timesRealTime)
        try fields.encode(eventsPerSecond, forKey: .eventsPerSecond)
        try fields.encode(messagesPerSecond, forKey: .messagesPerSecond)
        try fields.encode(runsPerMinute, forKey: .runsPerMinute)
    }
}
