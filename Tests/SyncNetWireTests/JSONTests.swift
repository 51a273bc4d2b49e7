import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

/// A value as Foundation's coders see it.
private struct Judged: Codable {
    var value: JSON

    init(_ value: JSON) { self.value = value }

    init(from decoder: any Decoder) throws {
        if let fields = try? decoder.container(keyedBy: Key.self) {
            value = .object(
                try fields.allKeys.map { key in
                    let value = try fields.decode(Self.self, forKey: key).value
                    return JSON.Member(Text(key.stringValue), value)
                })
        } else if var elements = try? decoder.unkeyedContainer() {
            var list: [JSON] = []
            while !elements.isAtEnd { list.append(try elements.decode(Self.self).value) }
            value = .array(list)
        } else {
            value = try Self.single(decoder.singleValueContainer())
        }
    }

    private static func single(_ container: any SingleValueDecodingContainer) throws -> JSON {
        if container.decodeNil() { return .null }
        if let flag = try? container.decode(Bool.self) { return .boolean(flag) }
        if let text = try? container.decode(String.self) { return .string(Text(text)) }
        return .number(try container.decode(Double.self))
    }

    func encode(to encoder: any Encoder) throws {
        switch value {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .boolean(let flag): try flag.encode(to: encoder)
        case .integer(let integer): try integer.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .string(let text): try text.string.encode(to: encoder)
        case .array(let elements): try elements.map { Self($0) }.encode(to: encoder)
        case .object(let members):
            var fields = encoder.container(keyedBy: Key.self)
            for member in members {
                try fields.encode(Self(member.value), forKey: Key(member.key.string))
            }
        }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension JSON {
    /// All numbers as doubles, keys sorted, of equal keys only the last: Foundation's view.
    fileprivate var normal: JSON {
        switch self {
        case .integer(let integer): return .number(Double(integer))
        case .array(let elements): return .array(elements.map(\.normal))
        case .object(let members):
            var last: [Member] = []
            for member in members {
                last.removeAll { $0.key == member.key }
                last.append(Member(member.key, member.value.normal))
            }
            return .object(last.sorted { $0.key < $1.key })
        default: return self
        }
    }
}

extension Generator {
    fileprivate mutating func json(depth: UInt64 = 4) -> JSON {
        switch below(depth == 0 ? 6 : 9) {
        case 0: .null
        case 1: .boolean(flip())
        case 2: .integer(Int64(bitPattern: next()) >> Int64(below(64)))
        case 3: .number(finiteDouble())
        case 4, 5: .string(text())
        case 6: .array(list(upTo: 4) { $0.json(depth: depth - 1) })
        default:
            .object(list(upTo: 4) { JSON.Member($0.text(), $0.json(depth: depth - 1)) }).unique
        }
    }
}

extension JSON {
    /// Without the keys that Foundation, going by `String ==`, would take for equal.
    fileprivate var unique: JSON {
        guard case .object(let members) = self else { return self }
        var kept: [Member] = []
        for member in members where !kept.contains(where: { $0.key.string == member.key.string }) {
            kept.append(member)
        }
        return .object(kept)
    }
}

/// Foundation's coders are the judge.
struct JSONTests {
    private func judged(_ bytes: [UInt8]) throws -> JSON {
        try JSONDecoder().decode(Judged.self, from: Data(bytes)).value
    }

    @Test func `what we write, Foundation reads`() throws {
        var generator = Generator(seed: 1)
        for _ in 0..<2_000 {
            let value = generator.json()
            #expect(try judged(value.text).normal == value.normal)
        }
    }

    @Test(
        arguments: [
            [], .prettyPrinted, .withoutEscapingSlashes, [.prettyPrinted, .sortedKeys],
        ] as [JSONEncoder.OutputFormatting])
    func `what Foundation writes, we read`(formatting: JSONEncoder.OutputFormatting) throws {
        var generator = Generator(seed: 2)
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        for _ in 0..<1_000 {
            let value = generator.json()
            let text = [UInt8](try encoder.encode(Judged(value)))
            #expect(try JSON(text).normal == value.normal)
        }
    }

    @Test func `what we write, we read`() throws {
        var generator = Generator(seed: 3)
        for _ in 0..<3_000 {
            let value = generator.json()
            #expect(try JSON(value.text) == value)
        }
    }

    @Test func `damaged text is taken or refused as Foundation does it`() throws {
        var generator = Generator(seed: 4)
        let bytes = Array(#" \"{}[],:.-+0123456789eEtrufalsnxbn/"#.utf8) + [1, 0x0A, 0x80, 0xC3]
        for _ in 0..<20_000 {
            var text = generator.json(depth: 2).text
            for _ in 0...generator.below(2) {
                let offset = Int(generator.below(UInt64(text.count)))
                if generator.flip() {
                    text[offset] = generator.pick(bytes)
                } else {
                    text.insert(generator.pick(bytes), at: offset)
                }
            }
            let string = String(decoding: text, as: UTF8.self)
            guard !isMisjudged(string) else { continue }
            #expect((try? JSON(text))?.normal == (try? judged(text))?.normal, "\(string)")
        }
    }

    /// Foundation takes a comma before a closing bracket, and refuses numbers next to zero.
    private func isMisjudged(_ text: String) -> Bool {
        [#",\s*[\]}]"#, "[eE]-[0-9]{3}"].contains { pattern in
            text.range(of: pattern, options: .regularExpression) != nil
        }
    }

    @Test func `numbers are the nearest doubles, and print as the shortest`() throws {
        var generator = Generator(seed: 5)
        for _ in 0..<20_000 {
            let number = generator.finiteDouble()
            let text = JSON.number(number).text
            #expect(try JSON(text) == .number(number))
            #expect(String(decoding: text, as: UTF8.self) == number.description)
        }
    }

    @Test func `digits of any length are read as the standard library reads them`() throws {
        var generator = Generator(seed: 6)
        for _ in 0..<20_000 {
            let digits = generator.list(upTo: 30) { UInt8(ascii: "0") + UInt8($0.below(10)) }
            let exponent = Int(generator.below(60)) - 30
            let text = "1\(String(decoding: digits, as: UTF8.self)).25e\(exponent)"
            #expect(try JSON(Array(text.utf8)) == .number(Double(text) ?? .nan))
        }
    }

    @Test(
        arguments: [
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("-0", .integer(0)),
            ("0", .integer(0)), ("1000", .integer(1_000)), ("1e3", .number(1_000)),
            ("1.0", .number(1)), ("1E+2", .number(100)), ("-0.0", .number(-0.0)),
            ("1e-400", .number(0)), (" null ", .null), ("\t\r\n[ ]", .array([])),
            (#"{"a":1,"a":2}"#, .object([.init("a", .integer(1)), .init("a", .integer(2))])),
        ] as [(String, JSON)])
    func `values are what they say`(text: String, value: JSON) throws {
        #expect(try JSON(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "01", "1.", ".5", "+1", "-", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity",
        "nul", "nulll", "True", "'a'", "[1,]", "[,1]", "[1 2]", "{,}", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#, #"{a:1}"#, "[1]]", "\"a\nb\"", "\"a", #""\'""#, "1e400", "-1e400",
        "\u{FEFF}1", "// no", "1 // no", #""\ud800""#,
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: WireError.self) { try JSON(Array(text.utf8)) }
    }

    @Test func `sixty-four levels are read and sixty-five are not`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: UInt8(ascii: "["), count: depth)
                + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
        }
        #expect(throws: Never.self) { try JSON(nested(64)) }
        #expect(throws: WireError.tooLarge) { try JSON(nested(65)) }
        #expect(throws: WireError.tooLarge) { try JSON(nested(1 << 20)) }
    }

    @Test func `the last of equal keys counts, by bytes`() throws {
        let value = try JSON(Array("{\"é\":1,\"e\u{301}\":2,\"\\u00e9\":3}".utf8))
        #expect(value[Text("é")] == .integer(3))
        #expect(value[Text("e\u{301}")] == .integer(2))
        #expect(value["x"] == nil)
        #expect(JSON.null["x"] == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `what JSON has no word for is written as null`(number: Double) {
        #expect(JSON.number(number).text == Array("null".utf8))
    }
}
