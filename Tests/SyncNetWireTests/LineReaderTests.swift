import StateMachine
import SyncNetWire
import Testing

struct LineReaderTests {
    private func feed(_ reader: inout LineReader, _ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { reader.feed($0) }
    }

    private func feed(_ reader: inout LineReader, _ text: String) { feed(&reader, text.utf8) }

    private func line(_ text: String) -> Line { .line(Array(text.utf8)) }

    @Test func `lines come back in order, however their bytes are cut`() {
        var generator = Generator(seed: 1)
        for _ in 0..<200 {
            let lines = generator.list(upTo: 20) { generator -> [UInt8] in
                generator.list(upTo: 40) { UInt8($0.within(0x20...0x7E)) }
            }
            var rest: [UInt8] = []
            for line in lines { rest += line + [0x0A] }
            var reader = LineReader(maxBytes: 40)
            var received: [Line] = []
            while !rest.isEmpty {
                let length = min(rest.count, Int(generator.below(generator.flip() ? 4 : 200)))
                feed(&reader, rest.prefix(length))
                rest.removeFirst(length)
                while let line = reader.next() { received.append(line) }
            }
            #expect(received == lines.map { .line($0) })
            #expect(reader.next() == nil)
        }
    }

    @Test func `a line of the limit passes and one byte more does not`() {
        var reader = LineReader(maxBytes: 4)
        feed(&reader, "abcd\n")
        #expect(reader.next() == line("abcd"))
        feed(&reader, "abcde\n")
        #expect(reader.next() == .tooLong)
    }

    @Test func `a long line is noticed before its end comes`() {
        var reader = LineReader(maxBytes: 4)
        feed(&reader, "abcd")
        #expect(reader.next() == nil)
        feed(&reader, "e")
        #expect(reader.next() == .tooLong)
    }

    @Test func `lines before a long one pass, and none after it`() {
        var reader = LineReader(maxBytes: 4)
        feed(&reader, "ab\ncd\nabcdefgh\nef\n")
        #expect(reader.next() == line("ab"))
        #expect(reader.next() == line("cd"))
        #expect(reader.next() == .tooLong)
        #expect(reader.next() == nil)
        feed(&reader, "gh\n")
        #expect(reader.next() == nil)
    }

    @Test func `an empty line is a line`() {
        var reader = LineReader()
        feed(&reader, "\n\r\n")
        #expect(reader.next() == line(""))
        #expect(reader.next() == line("\r"))
        #expect(reader.next() == nil)
    }

    @Test func `a megabyte that drips in byte by byte costs a pass, not a square`() {
        var reader = LineReader(maxBytes: 1 << 20)
        let chunk: [UInt8] = [0x61]
        var lines = 0
        for _ in 0..<(1 << 20) {
            chunk.withUnsafeBytes { reader.feed($0) }
            if reader.next() != nil { lines += 1 }
        }
        #expect(lines == 0)
        feed(&reader, "\n")
        #expect(reader.next() == .line([UInt8](repeating: 0x61, count: 1 << 20)))
    }
}
