public import DeterministicSimulation
import Foundation
public import StateMachine

extension Story {
    /// The story of a run of a scenario.
    public init(
        of scenario: any SimulatedScenario, seed: UInt64, _ outcome: RunOutcome,
        until: Instant? = nil
    ) {
        self.init(scenario: scenario.name, seed: seed)
        settings = outcome.settings.isEmpty ? scenario.settings : outcome.settings
        violation = outcome.report.violation
        hash = outcome.report.hash
        end = .zero + outcome.report.simulated
        self.until = until
        choices = outcome.recorded ?? DecisionList()
        guard !settings.isEmpty else { return }
        // What was drawn before the run stands among the settings.
        let all = choices
        choices.decisions.removeAll { all.kind(of: $0).hasPrefix("setting.") }
    }

    /// Reads a file. Throws one line that says what is wrong with it.
    public static func load(_ path: String) throws -> Story {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RunnerError("\(path) can't be read: see that the file is there.")
        }
        do throws(StoryTextError) {
            return try Story(text: Array(data))
        } catch {
            throw RunnerError("\(path), \(error)")
        }
    }

    /// Writes a file. Throws one line that says what is wrong.
    public func write(_ path: String) throws {
        do {
            try Data(text).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw RunnerError("\(path) can't be written: \(error.localizedDescription)")
        }
    }

    /// The one of the scenarios that can be what this story needs, set as it says.
    public func scenario(
        among scenarios: [any SimulatedScenario]
    ) throws -> any SimulatedScenario {
        // The one of that name first: others may be able to stand in for it.
        for known in scenarios.filter({ $0.name == scenario }) + scenarios {
            if let found = try known.set(scenario, settings) { return found }
        }
        let known = scenarios.map(\.name).joined(separator: ", ")
        throw RunnerError(
            "There is no scenario \"\(scenario)\" with these settings. There are: \(known).")
    }

    /// Runs it.
    public func play(
        _ scenario: any SimulatedScenario, until: Instant? = nil,
        trace: ((String) -> Void)? = nil, tale: ((Instant, String) -> Void)? = nil
    ) throws -> RunOutcome {
        var request = RunRequest(
            seed: seed, source: .playback(choices), until: until ?? self.until, trace: trace)
        request.tale = tale
        return try scenario.run(request)
    }
}
