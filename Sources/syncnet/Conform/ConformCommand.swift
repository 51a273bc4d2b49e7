import ArgumentParser

/// Feeds records of real servers to the pure machine, and demands the same effects.
struct ConformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conform",
        abstract: "Feed what real servers recorded to the machine, and demand the same effects.",
        discussion: """
            Records come from "syncnet server --record DIR". Each of their events is given to \
            the machine that simulations run, at the times that the server's clocks showed; what \
            it asks for has to be what the server asked for. The first difference of each \
            record is told. The exit code is 0 only where there is none.
            """)

    @Argument(help: "Records, or directories of records.")
    var paths: [String]

    func run() throws {
        let records = try RecordSet(at: paths)
        let total = records.conform(
            tell: { Terminal.print($0) }, complain: { Terminal.printError("Error: " + $0) })
        Terminal.print(total.line)
        guard total.isGood else { throw ExitCode(1) }
    }
}
