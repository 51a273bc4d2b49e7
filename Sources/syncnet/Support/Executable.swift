import Foundation

/// The file that this process runs.
enum Executable {
    /// Asked of the system where it tells; `argv[0]` may be a bare name.
    static var own: URL {
        let link = "/proc/self/exe"
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) {
            return URL(fileURLWithPath: path)
        }
        return Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    }
}
