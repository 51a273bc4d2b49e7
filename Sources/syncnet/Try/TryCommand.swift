import ArgumentParser

/// Shows one part of the system alone.
struct TryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try", abstract: "Show one part of the system alone.",
        subcommands: [
            TryConfig.self, TryMessages.self, TryStorage.self, TryElection.self,
            TryHeartbeat.self, TryLamport.self,
        ])
}
