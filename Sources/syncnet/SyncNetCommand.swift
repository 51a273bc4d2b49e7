import ArgumentParser
import SyncNetSimulator

/// Runs the command; what was not written is no success.
@main
enum Main {
    static func main() async {
        await SyncNetCommand.main()
        do { try Terminal.demandOutput() } catch { SyncNetCommand.exit(withError: error) }
    }
}

/// The command that people and scripts run.
struct SyncNetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "syncnet",
        abstract: "A chat cluster that loses nothing, and the simulator that proves it.",
        discussion: """
            Start three servers with "syncnet up", then chat with "syncnet client".
            """,
        version: Version.line,
        subcommands: [
            InitCommand.self, CertifyCommand.self, CheckConfigCommand.self,
            UpCommand.self, ServerCommand.self, StatusCommand.self, RollingRestartCommand.self,
            DemoCommand.self, TortureCommand.self, ConformCommand.self,
            BenchCommand.self,
            BackupCommand.self, RestoreCommand.self, WipeCommand.self,
            ClientCommand.self, SendCommand.self, HistoryCommand.self, ListenCommand.self,
            SearchCommand.self, AccountCommand.self,
            MemberCommand.self, TryCommand.self,
        ] + SimulatorCommands.all)
}
