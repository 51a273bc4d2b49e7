import SimulationRunner

/// Runs seeds of simulations that are not deterministic, for tests that have to notice.
@main
enum LeakySimulation {
    static func main() throws {
        try CampaignWorker.run(Leak.allCases.map { LeakyScenario(leak: $0) })
    }
}
