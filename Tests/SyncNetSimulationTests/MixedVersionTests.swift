import DeterministicSimulation
import SimulationRunner
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `Two versions of the message format in one cluster` {
    private func reached(
        _ scenario: Scenario, seeds: Range<UInt64>
    ) -> (points: [String: UInt64], violation: Violation?) {
        var points: [String: UInt64] = [:]
        for seed in seeds {
            let report = SyncNetScenario(scenario).run(RunRequest(seed: seed)).report
            for point in report.sometimes { points[point.name, default: 0] += point.value }
            if let violation = report.violation { return (points, violation) }
        }
        return (points, nil)
    }

    @Test func `keep every promise, and both are read and written`() throws {
        var scenario = try Campaign.scenario("mixed-versions")
        scenario.storage = .memory
        let (points, violation) = reached(scenario, seeds: 0..<6)
        #expect(violation == nil)
        for name in [
            "former version read", "answered in former version", "unknown version dropped",
            "nonce came back",
        ] {
            #expect(points[name] ?? 0 > 0, "\(name)")
        }
    }

    @Test func `a cluster without a former server never speaks the former version`() throws {
        var scenario = try Campaign.scenario("calm")
        scenario.storage = .memory
        let (points, violation) = reached(scenario, seeds: 0..<2)
        #expect(violation == nil)
        #expect(points["former version read"] == 0)
        #expect(points["answered in former version"] == 0)
        #expect(points["nonce came back"] ?? 0 > 0)
    }

    @Test func `names of points are words`() {
        #expect("aTokenCameHome".inWords == "a token came home")
        #expect("lineWasNotUTF8".inWords == "line was not UTF8")
        #expect("sometimes".inWords == "sometimes")
        let names = Sometimes.allCases.map(\.words) + WirePoint.allCases.map { "\($0)".inWords }
        #expect(Set(names).count == names.count)
        #expect(Sometimes.allCases.count >= 50)
        #expect(WirePoint.allCases.count >= 12)
    }
}
