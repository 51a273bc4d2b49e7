import SyncNetTerminal
import TerminalTestSupport
import Testing

/// A console and the terminal that it draws on.
private struct Seat {
    var console: Console
    var terminal: VirtualTerminal

    init(columns: Int = 40, history: [String] = []) {
        var words = Vocabulary(
            commands: ["/join", "/leave", "/list"], roomCommands: ["/join", "/leave"])
        words.rooms = ["den", "garden", "garage"]
        words.people = ["ada", "bob"]
        console = Console(columns: columns, vocabulary: words, history: history)
        terminal = VirtualTerminal(columns: columns)
        console.show()
        flush()
    }

    mutating func flush() { terminal.write(console.takeOutput()) }

    @discardableResult
    mutating func type(_ text: String) -> [Console.Event] {
        defer { flush() }
        return console.take(Array(text.utf8))
    }

    mutating func pass(_ lines: String...) {
        console.pass(lines)
        flush()
    }
}

struct ConsoleTests {
    @Test func `a message goes by above the line being typed, which stays`() {
        var seat = Seat()
        seat.type("half a thou")
        seat.pass("ada: hello")
        seat.type("ght")
        #expect(seat.terminal.text == ["ada: hello", "> half a thought"])
        #expect(seat.terminal.column == 16)
    }

    @Test func `a message wider than the terminal wraps, and the line stays below it`() {
        var seat = Seat(columns: 20)
        seat.type("abc")
        seat.pass(String(repeating: "x", count: 45))
        seat.pass("next")
        #expect(
            seat.terminal.text == [
                String(repeating: "x", count: 20), String(repeating: "x", count: 20), "xxxxx",
                "next", "> abc",
            ])
    }

    @Test func `living lines stand above the prompt, and go without a trace`() {
        var seat = Seat()
        seat.type("typing")
        seat.console.set(prompt: "den> ", living: ["one …", "two …"])
        seat.flush()
        #expect(seat.terminal.text == ["one …", "two …", "den> typing"])
        seat.pass("ada: one")
        seat.console.set(prompt: "den> ", living: [])
        seat.flush()
        #expect(seat.terminal.text == ["ada: one", "den> typing"])
    }

    @Test func `a line longer than the terminal scrolls sideways on one row`() {
        var seat = Seat(columns: 20)
        seat.type("0123456789abcdefghijklmnop")
        #expect(seat.terminal.text.count == 1)
        #expect(seat.terminal.text[0].hasSuffix("nop"))
        seat.type("\u{01}")
        #expect(seat.terminal.text == ["> 0123456789abcdefg"])
        #expect(seat.terminal.column == 2)
        #expect(seat.type("\r") == [.line("0123456789abcdefghijklmnop")])
    }

    @Test func `wide characters take two columns, marks none`() {
        var seat = Seat()
        seat.type("日本e\u{301}👍🏽")
        #expect(seat.terminal.column == 2 + 4 + 1 + 2)
        seat.type("\u{7F}\u{7F}")
        #expect(seat.terminal.text == ["> 日本"])
        #expect(seat.console.line == "日本")
        seat.type("\u{1B}[Dx")
        #expect(seat.terminal.text == ["> 日x本"])
    }

    @Test func `a narrower terminal leaves nothing of the old line behind`() {
        var seat = Seat(columns: 30)
        seat.pass("ada: hello")
        seat.type("0123456789abcdefghijk")
        // What a terminal does that wraps its lines anew when it gets narrower.
        var narrow = VirtualTerminal(columns: 12)
        narrow.write("ada: hello\r\n> 0123456789abcdefghijk")
        seat.terminal = narrow
        seat.console.resize(to: 12)
        seat.flush()
        #expect(seat.terminal.text == ["ada: hello", "> defghijk"])
    }

    @Test func `Ctrl-C clears the line first, and leaves when it is empty`() {
        var seat = Seat()
        #expect(seat.type("abc\u{03}") == [])
        #expect(seat.console.line == "")
        #expect(seat.type("\u{03}") == [.ended])
    }

    @Test func `Ctrl-D deletes within a line, and leaves when it is empty`() {
        var seat = Seat()
        #expect(seat.type("abc\u{01}\u{04}") == [])
        #expect(seat.console.line == "bc")
        #expect(seat.type("\u{15}\u{05}\u{15}\u{04}") == [.ended])
    }

    @Test func `what is pasted is one line, and ends none`() {
        var seat = Seat()
        #expect(seat.type("\u{1B}[200~one\ntwo\u{1B}[31m\u{1B}[201~") == [])
        #expect(seat.console.line == "one two[31m")
    }

    @Test func `tab completes commands, rooms and people, and lists where there are several`() {
        var seat = Seat()
        seat.type("/j\t")
        #expect(seat.console.line == "/join ")
        seat.type("g\t")
        #expect(seat.console.line == "/join gar")
        seat.type("\t")
        #expect(seat.terminal.text == ["garage  garden", "> /join gar"])
        seat.type("d\t\u{15}a\t")
        #expect(seat.console.line == "ada: ")
        seat.type("and b\t")
        #expect(seat.console.line == "ada: and bob ")
        seat.type("x\t")
        #expect(seat.console.line == "ada: and bob x")
    }

    @Test func `after it is hidden nothing of the line is left`() {
        var seat = Seat()
        seat.pass("ada: hello")
        seat.type("abc")
        seat.console.hide()
        seat.flush()
        seat.pass("bye")
        #expect(seat.terminal.text == ["ada: hello", "bye"])
    }

    @Test func `a secret is not shown, is no line, and what was typed before goes on after it`() {
        var seat = Seat()
        seat.console.askSecret("password: ")
        seat.flush()
        #expect(seat.type("sesa\u{7F}am\u{7F}me").isEmpty)
        #expect(seat.terminal.text == ["password:"])
        #expect(seat.type("\r") == [.secret("sesame")])
        #expect(seat.terminal.text == [">"])
        #expect(seat.console.history.isEmpty)
        seat.console.askSecret("password: ")
        #expect(seat.type("half\u{03}") == [.secret(nil)])
        seat.console.askSecret("password: ")
        #expect(seat.type("\u{04}") == [.secret(nil)])
        #expect(seat.type("hello\r") == [.line("hello")])
    }

    @Test func `a list of completions is divided between words`() {
        var seat = Seat(columns: 16)
        seat.type("/\t")
        #expect(seat.terminal.text == ["/join  /leave", "/list", "> /"])
    }

    @Test(arguments: [
        ("one two three", 9, ["one two", "  three"]), ("one", 9, ["one"]), ("", 9, [""]),
        ("/who [ROOM]  its members", 16, ["/who [ROOM]  its", "  members"]),
        ("abcdefghijkl", 9, ["abcdefghi", "  jkl"]),
        ("a abcdefghijkl", 9, ["a", "  abcdefg", "  hijkl"]), ("日本語 日本", 7, ["日本語", "  日本"]),
    ]) func `text is divided between words, and only long words are cut`(
        text: String, columns: Int, lines: [String]
    ) {
        #expect(DisplayWidth.wrapped(text, into: columns, indent: 2) == lines)
    }
}
