import ArgumentParser
import Foundation
import LoadGenerator

/// The load generator, for other commands and for scripts.
struct LoadCommand: ParsableCommand {
    /// A kind of load.
    private typealias Load = (Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32

    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load servers, and print one line of JSON.",
        discussion: """
            SYSTEM SECONDS CLIENTS BYTES PORT,… PID,… [METRICS-PORT,…] is a closed loop, with \
            etcd, nats or syncnet as the system. fanout, fill, idle, pages and failover say what \
            they want to be told when they are told nothing.
            """)

    @Argument(parsing: .allUnrecognized, help: "What to do; see above.")
    var words: [String] = []

    func run() throws {
        let named = words.first.flatMap { Self.load(of: $0) }
        let rest = Array(named == nil ? words[...] : words.dropFirst())
        let code = Self.withWords(rest, named ?? load_run)
        if code != 0 { throw ExitCode(code) }
    }

    private static func load(of name: String) -> Load? {
        switch name {
        case "failover": load_failover
        case "fanout": load_fanout
        case "fill": load_fill
        case "idle": load_idle
        case "pages": load_pages
        default: nil
        }
    }

    /// Lends texts to C.
    private static func withWords(_ words: [String], _ body: Load) -> Int32 {
        var copies = words.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        return copies.withUnsafeMutableBufferPointer { buffer in
            body(Int32(words.count), buffer.baseAddress)
        }
    }
}
