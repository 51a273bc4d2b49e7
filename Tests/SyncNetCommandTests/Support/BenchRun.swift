import Foundation
import Testing

/// Runs of the commands that measure.
enum BenchRun {
    /// Runs one to its end.
    static func run(_ words: String...) throws -> Ended { try run(words) }

    static func run(_ words: [String]) throws -> Ended {
        let running = try Running.syncnet(["bench"] + words)
        return try #require(running.end(within: 200), "\(running.text)")
    }

    /// Reads what it printed.
    static func decode<Shape: Decodable>(_ shape: Shape.Type, _ ended: Ended) throws -> Shape {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(shape, from: Data(ended.output.utf8))
    }

    /// A base port that nothing else here uses.
    static func ports() -> String { "\(TestCluster.freshPorts())" }
}
