import Foundation
import Yams

/// A failure that was found once: the seeds of a scenario that showed it, kept for ever.
package struct Regression: Decodable, Equatable, Sendable {
    /// The scenario's name.
    package var scenario: String
    /// The seeds that failed.
    package var seeds: [UInt64]
    /// The promise that broke.
    package var property: String
    /// What it was.
    package var cause: String

    /// Reads a file of `Simulations/Regressions/`.
    package static func load(_ path: String) throws(ScenarioError) -> Regression {
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return try YAMLDecoder().decode(Regression.self, from: text)
        } catch {
            throw ScenarioError(
                "\(path): no regression: it needs scenario, seeds, property and cause")
        }
    }

    /// The files of a directory, by name.
    package static func files(in directory: String) throws(ScenarioError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
                .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(directory)/\($0)" }
        } catch {
            throw ScenarioError("\(directory): can't be read; see that the directory is there")
        }
    }
}
