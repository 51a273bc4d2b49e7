import ArgumentParser

/// Plays the guide's scenarios on a real cluster.
struct DemoCommand: AsyncParsableCommand {
    /// A scenario by the name that it is asked for by.
    enum Scenario: String, ExpressibleByArgument, CaseIterable {
        case formation
        case leaderFailure = "leader-failure"
        case rollingRestart = "rolling-restart"
        case clientResilience = "client-resilience"
    }

    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Play the guide's scenarios on a real cluster of its own, step by step.",
        discussion: """
            Starts the configured servers (three by default) in a temporary folder, of which \
            nothing stays, and tells what is shown and whether it held. The exit code is 0 only \
            if all of it did.
            """)

    @Argument(
        help: ArgumentHelp(
            "formation, leader-failure, rolling-restart, client-resilience; all by default.",
            discussion: "Formation is always played: the others need a cluster."))
    var scenarios: [Scenario] = Scenario.allCases

    @OptionGroup var cluster: ClusterOptions

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let narrator = Narrator()
        do {
            try await Playground(cluster).play { try await play($0, narrator) }
        } catch is ExitEarly {
            narrator.step("without that the rest makes no sense")
        }
        narrator.conclude()
        if narrator.broken > 0 { throw ExitCode(1) }
    }

    private func play(_ company: Company, _ narrator: Narrator) async throws {
        try await Scenarios.form(company, narrator)
        let scenarios = scenarios.filter { $0 != .formation }
        guard !scenarios.isEmpty else { return }
        try await company.write(3, in: Scenarios.room)
        narrator.step(
            "three clients begin to write in \"\(Scenarios.room)\", and go on all the time")
        let restart = RollingRestart(company: company, narrator: narrator)
        for scenario in scenarios {
            switch scenario {
            case .formation: break
            case .leaderFailure: try await Scenarios.failLeader(company, narrator)
            case .rollingRestart:
                narrator.title(
                    "Rolling restart", "One server after the other is stopped and started again,",
                    "the next one only when all is well, as for an update.")
                guard try await restart.run() else { throw ExitEarly() }
            case .clientResilience: try await Scenarios.bereave(company, narrator)
            }
        }
        narrator.title("What the clients have seen", "Through all of this they wrote.")
        try await restart.settle()
    }
}
