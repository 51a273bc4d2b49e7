import ArgumentParser
import Foundation
import LoadGenerator

/// The load generator, for other commands and for scripts.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load three servers with a closed loop, and print one line of JSON.",
        discussion: """
            SYSTEM SECONDS CLIENTS BYTES PORT,… PID,… [METRICS-PORT,…] with etcd, nats or \
            syncnet as the system; or failover SIGNAL PID PORT,PORT.
            """)

    @Argument(parsing: .allUnrecognized, help: "What to do; see above.")
    var words: [String] = []

    func run() throws {
        let isFailover = words.first == "failover"
        let rest = Array(isFailover ? words.dropFirst() : words[...])
        let code = Self.withWords(rest) { count, list in
            isFailover ? load_failover(count, list) : load_run(count, list)
        }
        if code != 0 { throw ExitCode(code) }
    }

    /// Lends texts to C.
    private static func withWords(
        _ words: [String],
        _ body: (Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var copies = words.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        return copies.withUnsafeMutableBufferPointer { buffer in
            guard let list = buffer.baseAddress else { return 1 }
            return body(Int32(words.count), list)
        }
    }
}
