import ArgumentParser
import DeterministicSimulation
import SimulationRunner
import Testing

@testable import Examples

/// The first seed that breaks a property, and which.
private func firstFailure(
    _ scenario: any SimulatedScenario, seeds: Range<UInt64>
) throws -> (seed: UInt64, property: String)? {
    for seed in seeds {
        let report = try scenario.run(RunRequest(seed: seed)).report
        if let violation = report.violation { return (seed, violation.property) }
    }
    return nil
}

/// The shortest of the first few: that is the one that anybody would shrink.
private func shortFailure(
    _ scenario: any SimulatedScenario, seeds: Range<UInt64>
) throws -> UInt64? {
    var found: [(seed: UInt64, events: UInt64)] = []
    for seed in seeds where found.count < 5 {
        let report = try scenario.run(RunRequest(seed: seed)).report
        if report.violation != nil { found.append((seed, report.events)) }
    }
    return found.min { $0.events < $1.events }?.seed
}

@Suite struct `The examples` {
    @Test(arguments: 0..<3)
    func `keep their promises under faults`(_ index: Int) throws {
        let scenario = SimulationExamples.scenarios[index]
        let failure = try firstFailure(scenario, seeds: 0..<60)
        #expect(failure == nil, "\(scenario.name): \(String(describing: failure))")
    }

    @Test(
        arguments: zip(
            CommitBug.allCases, ["Atomicity", "Promises are kept", "Atomicity"]))
    func `break a promise of two-phase commit with a bug`(
        _ bug: CommitBug, _ property: String
    ) throws {
        let failure = try firstFailure(TwoPhaseCommitScenario(bug: bug), seeds: 0..<200)
        #expect(failure?.property == property, "\(bug)")
    }

    @Test(
        arguments: zip(
            MembershipBug.allCases,
            ["Accuracy", "Completeness", "Completeness", "Own incarnation"]))
    func `break a promise of membership with a bug`(
        _ bug: MembershipBug, _ property: String
    ) throws {
        let failure = try firstFailure(MembershipScenario(bug: bug), seeds: 0..<200)
        #expect(failure?.property == property, "\(bug)")
    }

    @Test(
        arguments: zip(
            CounterBug.allCases, ["Nothing is lost", "Nothing is invented", "Convergence"]))
    func `break a promise of the counter with a bug`(
        _ bug: CounterBug, _ property: String
    ) throws {
        let failure = try firstFailure(CounterScenario(bug: bug), seeds: 0..<200)
        #expect(failure?.property == property, "\(bug)")
    }
}

@Suite struct `A failure of an example` {
    /// All but the one whose failures are long: in a debug build its shrinking would not be
    /// done within the command's minute.
    static let bugs = SimulationExamples.bugs.map(\.id).filter { $0 != "buries-for-good" }

    @Test(arguments: bugs) func `becomes a small story that needs no command line`(
        _ bug: String
    ) throws {
        let scenario = try SimulationExamples.bugs.entry(bug).planted
        let seed = try #require(try shortFailure(scenario, seeds: 0..<200))
        let scenarios = SimulationExamples.bugs.map(\.planted)
        let name = scenario.name
        let options = try ShrinkOptions.parse([name, "--seed", "\(seed)"])
        let result = try Shrink(scenarios, options).run()
        #expect(result.isMinimal)
        #expect(result.story.choices.decisions.count <= 20)
        #expect(result.choicesBefore >= 10 * result.story.choices.decisions.count)
        let read = try Story(text: result.story.text)
        let again = try read.play(try read.scenario(among: scenarios)).report
        #expect(again.hash == result.story.hash)
        #expect(again.violation == result.story.violation)
    }
}
