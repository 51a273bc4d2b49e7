import Foundation

/// A result in the XML that JUnit's Ant task wrote first and every build server reads since.
enum JUnit {
    /// One test case for each scenario, with the number of its seeds and what broke; one more
    /// where the campaign did not come to its end, and one for what was demanded and not reached.
    static func xml(
        _ result: CampaignResult, suite: String, missing: [String] = []
    ) -> String {
        let bad = result.tallies.values.count { $0.failures > 0 } + (missing.isEmpty ? 0 : 1)
        let more = (result.isInterrupted ? 1 : 0) + (missing.isEmpty ? 0 : 1)
        let idle = result.tallies.values.count { $0.seeds == 0 }
        let seconds = result.tallies.values.map(\.cpuSeconds).reduce(0, +)
        let attributes = [
            ("name", suite), ("tests", "\(result.tallies.count + more)"), ("failures", "\(bad)"),
            ("errors", result.isInterrupted ? "1" : "0"), ("skipped", "\(idle)"),
            ("time", time(seconds)),
        ]
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite\(text(attributes))>
                <properties>
                  <property\(text([("name", "campaign hash"), ("value", result.hash)]))/>
                  <property\(text([("name", "shard"), ("value", "\(result.shard)")]))/>
                </properties>
            \(cases(result, suite, missing).joined(separator: "\n"))
              </testsuite>
            </testsuites>

            """
    }

    private static func cases(
        _ result: CampaignResult, _ suite: String, _ missing: [String]
    ) -> [String] {
        var cases = result.scenarios.map { testCase($0, result, suite) }
        func add(_ name: String, _ element: String, _ message: String, _ body: String) {
            let attributes = text([("name", name), ("classname", suite), ("time", "0.000")])
            cases.append(
                """
                    <testcase\(attributes)>
                      <\(element)\(text([("message", message)]))>\(escaped(body))</\(element)>
                    </testcase>
                """)
        }
        if result.isInterrupted {
            let underWay = result.underWay ?? []
            add(
                "the campaign's end", "error", "interrupted after \(result.seeds) seeds",
                "under way: \(underWay.joined(separator: ", "))")
        }
        if !missing.isEmpty {
            add(
                "rare situations", "failure", "\(missing.count) were never reached",
                missing.joined(separator: "\n"))
        }
        return cases
    }

    private static func testCase(
        _ name: String, _ result: CampaignResult, _ suite: String
    ) -> String {
        let tally = result.tallies[name] ?? ScenarioTally()
        let attributes = [("name", name), ("classname", suite), ("time", time(tally.cpuSeconds))]
        var lines = ["    <testcase\(text(attributes))>"]
        if tally.seeds == 0 { lines.append("      <skipped/>") }
        let failures = result.failures.filter { $0.scenario == name }
        if tally.failures > 0 { lines.append(failure(failures, tally)) }
        let seeds = "\(tally.seeds) seeds of \(result.firstSeed)..<\(result.endSeed)"
        lines.append("      <system-out>\(escaped(seeds))</system-out>")
        lines.append("    </testcase>")
        return lines.joined(separator: "\n")
    }

    /// One element for all: many readers take a single one.
    private static func failure(
        _ failures: [CampaignFailure], _ tally: ScenarioTally
    ) -> String {
        let first = failures.first
        let attributes = [
            ("message", "\(tally.failures) of \(tally.seeds) seeds broke a property"),
            ("type", first?.property ?? ""),
        ]
        let stories = failures.map { failure in
            let lines = [failure.detail, failure.configuration, failure.replay]
            let time = String(format: "%.6f", failure.simulatedSeconds)
            return "seed \(failure.seed) at \(time) s: \(failure.property)\n"
                + lines.compactMap { $0 }.joined(separator: "\n")
        }
        let story = escaped(stories.joined(separator: "\n\n"))
        return "      <failure\(text(attributes))>\(story)</failure>"
    }

    private static func time(_ seconds: Double) -> String { String(format: "%.3f", seconds) }

    private static func text(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    }

    /// What XML can't hold at all, such as a NUL, becomes a question mark.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
