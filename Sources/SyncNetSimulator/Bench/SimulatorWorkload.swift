import DeterministicSimulation
import Foundation
import SimulationRunner
import StateMachine
import SyncNetProtocol
import SyncNetSimulation

/// What `bench simulator` runs.
enum SimulatorWorkload: String, CaseIterable {
    case heartbeats3 = "heartbeats-3"
    case heartbeats100 = "heartbeats-100"
    case pingPong = "ping-pong"
    case swarm
    case election1000 = "election-1000"

    var summary: String {
        switch self {
        case .heartbeats3: "3 nodes, heartbeats alone"
        case .heartbeats100: "100 nodes, heartbeats alone"
        case .pingPong: "3 nodes with heartbeats, and two that ask and answer"
        case .swarm: "SyncNet, default swarm, SQLite on simulated disks"
        case .election1000: "SyncNet, 1,000 servers: election and heartbeats, 60 s"
        }
    }

    /// Runs it, with the trace hash and all checkers on. `seeds` is for the swarm alone.
    func run(seeds: Int, in options: ScenarioOptions) throws -> SimulatorRow {
        switch self {
        case .heartbeats3: try bare(nodes: 3, hasPair: false, for: .seconds(1_000_000))
        case .heartbeats100: try bare(nodes: 100, hasPair: false, for: .seconds(800))
        case .pingPong: try bare(nodes: 3, hasPair: true, for: .seconds(20_000))
        case .swarm: try swarm(seeds, options)
        case .election1000: try election()
        }
    }

    private func bare(nodes: Int, hasPair: Bool, for time: Interval) throws -> SimulatorRow {
        var simulation = Simulation(
            BareSystem(nodes: nodes, hasPair: hasPair), codec: BareCodec(),
            checker: BareLaw(nodes: nodes), options: BareSystem.options)
        let begin = ProcessorTime.now
        simulation.run(for: time)
        let report = simulation.finish()
        return try row(
            [report], seconds: ProcessorTime.now - begin, messages: simulation.checker.messages)
    }

    private func swarm(_ seeds: Int, _ options: ScenarioOptions) throws -> SimulatorRow {
        let scenarios = try options.scenarios().named([ScenarioOptions.swarm])
        let begin = ProcessorTime.now
        let reports = try (0..<UInt64(seeds)).flatMap { seed in
            try scenarios.map { try $0.run(RunRequest(seed: seed)).report }
        }
        return try row(reports, seconds: ProcessorTime.now - begin)
    }

    private func election() throws -> SimulatorRow {
        var scenario = Scenario(name: rawValue)
        scenario.servers = 1_000...1_000
        scenario.clients = 0...0
        scenario.timings = [.guide]
        scenario.duration = .seconds(60)...(.seconds(60))
        scenario.storage = .memory
        // Forming a cluster is not what is measured: all tell all of a thousand names.
        scenario.isFormed = true
        let begin = ProcessorTime.now
        // Its second act would heal what was never broken.
        let end = Instant(nanoseconds: 59_999_999_999)
        let request = RunRequest(seed: 0, until: end)
        let report = SyncNetScenario(scenario).run(request).report
        return try row([report], seconds: ProcessorTime.now - begin)
    }

    private func row(
        _ reports: [RunReport], seconds: Double, messages: UInt64? = nil
    ) throws -> SimulatorRow {
        if let violation = reports.lazy.compactMap(\.violation).first {
            throw RunnerError("\(rawValue): \(violation.property): \(violation.detail)")
        }
        var row = SimulatorRow(workload: rawValue, summary: summary, cpuSeconds: seconds)
        row.runs = reports.count
        for report in reports {
            row.events += report.events
            row.simulatedSeconds += Double(report.simulated.nanoseconds) / 1e9
            row.messages += messages ?? (report.counts.datagrams + report.counts.streamMessages)
            row.mix(report.hash)
        }
        return row
    }
}

/// What this process has used of processors.
enum ProcessorTime {
    /// Seconds, user and system.
    static var now: Double {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
