import DeterministicSimulation
import Foundation
import StateMachine
import Testing

@testable import DiceTool
@testable import SimulationRunner

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What an XML parser sees.
private final class Elements: NSObject, XMLParserDelegate {
    struct Element: Equatable {
        var name: String
        var attributes: [String: String]
        var text = ""
    }
    var all: [Element] = []
    private var open: [Int] = []

    init?(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func named(_ name: String) -> [Element] { all.filter { $0.name == name } }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        open.append(all.count)
        all.append(Element(name: name, attributes: attributes))
    }

    func parser(
        _ parser: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?
    ) { open.removeLast() }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if let index = open.last { all[index].text += text }
    }
}

@Suite struct `A JUnit report` {
    private func report(_ detail: String) throws -> Elements {
        var result = CampaignResult(
            CampaignPlan(
                scenarios: ["bad", "good", "idle"], seeds: 0..<9, shard: .whole, checkEvery: 0))
        var bad = SeedResult(scenario: "bad", seed: 3)
        (bad.property, bad.detail) = ("a < b", detail)
        result.add(bad) { "replay \($0) --seed \($1)" }
        result.add(SeedResult(scenario: "good", seed: 4)) { _, _ in "" }
        return try #require(Elements(JUnit.xml(result, suite: "simulation")))
    }

    @Test func `has a test case for each scenario, and failures with their replay`() throws {
        let elements = try report("first\nsecond")
        let suite = try #require(elements.named("testsuite").first)
        #expect(suite.attributes["tests"] == "3")
        #expect(suite.attributes["failures"] == "1")
        #expect(suite.attributes["skipped"] == "1")
        let cases = elements.named("testcase").map { $0.attributes["name"] }
        #expect(cases == ["bad", "good", "idle"])
        let failure = try #require(elements.named("failure").first)
        #expect(failure.attributes["type"] == "a < b")
        #expect(failure.text.contains("first\nsecond"))
        #expect(failure.text.contains("replay bad --seed 3"))
        #expect(elements.named("skipped").count == 1)
    }

    @Test func `survives whatever a failure says`() throws {
        let detail = "<b> & \"q\" ]]> \u{0}\u{1B}[K \u{FFFF} é \u{1F600} --> <?x"
        let failure = try #require(try report(detail).named("failure").first)
        #expect(failure.text.contains("<b> & \"q\" ]]> ??[K ? é \u{1F600} --> <?x"))
    }
}

@Suite struct `A histogram` {
    @Test func `is exact to less than a hundredth, and at its ends`() {
        var generator = Generator(seed: 7)
        var values: [UInt64] = []
        var histogram = Histogram()
        for _ in 0..<5_000 {
            let value = generator.next() >> (generator.next() % 64)
            values.append(value)
            histogram.add(value)
        }
        values.sort()
        #expect(histogram.least == values.first && histogram.most == values.last)
        for percent in [1, 50, 90, 99, 100] as [UInt64] {
            let exact = Double(values[Int(max(1, percent * 50)) - 1])
            let told = Double(histogram.percentile(percent))
            #expect(abs(told - exact) <= exact / 100, "\(percent): \(told) for \(exact)")
        }
    }

    @Test func `adds up with others, and survives being written`() throws {
        var (one, other, both) = (Histogram(), Histogram(), Histogram())
        for value in 0..<1_000 as Range<UInt64> {
            if value % 3 == 0 { one.add(value * value) } else { other.add(value * value) }
            both.add(value * value)
        }
        one.add(other)
        one.add(Histogram())
        #expect(one == both)
        let data = try JSONEncoder().encode(both)
        #expect(try JSONDecoder().decode(Histogram.self, from: data) == both)
    }
}

@Suite struct `Two traces` {
    private func difference(_ one: String, _ other: String) throws -> TraceDifference? {
        let paths = ["one", "other"].map {
            NSTemporaryDirectory() + "trace-\(UUID().uuidString)-\($0)"
        }
        defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
        try SimulationCommands.write(one, paths[0])
        try SimulationCommands.write(other, paths[1])
        return try TraceDifference.between(paths[0], paths[1])
    }

    @Test func `are equal where no line differs, however long they are`() throws {
        let long = (0..<60_000).map { "[\($0)] n1 something\n" }.joined()
        #expect(try difference(long, long) == nil)
        #expect(try difference("", "") == nil)
        let found = try difference(long + "a\n", long + "b\n")
        #expect(found?.line == 60_001)
        #expect(found?.before == "[59999] n1 something")
        #expect((found?.one, found?.other) == ("a", "b"))
    }

    @Test func `differ where one of them ends`() throws {
        let found = try difference("a\nb\n", "a\n")
        #expect(found == TraceDifference(line: 2, before: "a", one: "b", other: nil))
        #expect(found?.text.contains("then  (the run ends)") == true)
    }
}
