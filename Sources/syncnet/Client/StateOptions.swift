import ArgumentParser
import Foundation

/// Where a client remembers what it needs at its next start.
struct StateOptions: ParsableArguments {
    @Option(help: "Remember the rooms, and up to where they were shown, in this directory.")
    var state: String?

    @Flag(help: "Remember nothing, and forget nothing that was remembered.")
    var noState = false

    func validate() throws {
        guard state == nil || !noState else {
            throw ValidationError("--state and --no-state exclude each other.")
        }
    }

    /// The directory: as said, or where such things are kept; nil for none.
    func directory(isInteractive: Bool) -> URL? {
        if noState { return nil }
        if let state { return URL(fileURLWithPath: state) }
        // A script gets what it asks for, and nothing that depends on what ran before.
        guard isInteractive else { return nil }
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") {
            return URL(fileURLWithPath: home).appendingPathComponent("syncnet")
        }
        let named = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home =
            named.map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser
        return home.appendingPathComponent(".local/state/syncnet")
    }
}
