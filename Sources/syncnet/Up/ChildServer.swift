import Foundation

/// What happens while `syncnet up` runs.
enum Happening: Sendable {
    /// A server wrote a line.
    case line(child: Int, String)
    /// A server's process has ended.
    case ended(child: Int, Ending)
    /// The person, or the system, wants all of it to stop.
    case stopAsked
    /// A clean stop has taken too long.
    case patienceEnded
    /// The cluster was asked how it is.
    case health(ClusterHealth)
}

/// How a process ended.
enum Ending: Sendable, Equatable {
    case exit(Int32)
    case signal(Int32)

    /// The same in words.
    var words: String {
        switch self {
        case .exit(let code): "ended with exit code \(code)"
        case .signal(SIGKILL): "was killed (kill -9)"
        case .signal(let number): "was ended by signal \(number)"
        }
    }
}

/// One server as a process of its own.
///
/// Its standard input is a pipe that nobody writes to: when this process dies, however
/// suddenly, the pipe ends, and the server stops by itself.
final class ChildServer {
    let id: String
    private let process = Process()
    private let lifeline = Pipe()

    init(id: String, arguments: [String]) {
        self.id = id
        process.executableURL = Executable.own
        process.arguments = arguments
        process.standardInput = lifeline
    }

    var isRunning: Bool { process.isRunning }

    /// Starts the process and tells what becomes of it: its lines first, then its end.
    func start(as child: Int, telling tell: @escaping @Sendable (Happening) -> Void) throws {
        let output = Pipe()
        for pipe in [lifeline, output] {
            for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
                // Otherwise later servers hold these open, and an end is never noticed.
                _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
            }
        }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let (process, reader) = (process, output.fileHandleForReading)
        Thread {
            Self.readLines(of: reader) { tell(.line(child: child, $0)) }
            process.waitUntilExit()
            let code = process.terminationStatus
            let ending = process.terminationReason == .exit ? Ending.exit(code) : .signal(code)
            tell(.ended(child: child, ending))
        }.start()
    }

    /// Asks the server to stop cleanly.
    func stop() { if process.isRunning { process.terminate() } }

    /// Ends it at once.
    func kill() { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    private static func readLines(of handle: FileHandle, each: (String) -> Void) {
        var rest = Data()
        while true {
            let chunk = handle.availableData
            if chunk.isEmpty { break }
            rest += chunk
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                each(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                rest = Data(rest[(end + 1)...])
            }
        }
        if !rest.isEmpty { each(String(decoding: rest, as: UTF8.self)) }
    }
}
