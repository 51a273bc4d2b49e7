import SyncNetTerminal
import Testing

struct EditorTests {
    private func keys(_ text: String) -> [Key] {
        var reader = KeyReader()
        return reader.feed(Array(text.utf8))
    }

    private func editor(after text: String, history: [String] = []) -> LineEditor {
        var editor = LineEditor()
        editor.history = InputHistory(history)
        for key in keys(text) { _ = editor.take(key) }
        return editor
    }

    @Test func `keys are read however their bytes are cut`() {
        let bytes = Array("é日👍\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[3~\u{1B}[200~x\u{1B}[201~".utf8)
        let whole = keys(String(decoding: bytes, as: UTF8.self))
        #expect(
            whole == [
                .typed("é"), .typed("日"), .typed("👍"), .up, .down, .wordRight, .delete,
                .pasted("x"),
            ])
        for cut in bytes.indices {
            var reader = KeyReader()
            #expect(reader.feed(Array(bytes[..<cut])) + reader.feed(Array(bytes[cut...])) == whole)
        }
    }

    @Test func `bytes that are no text become one mark each, and what follows is read`() {
        var reader = KeyReader()
        let mark = Key.typed("\u{FFFD}")
        #expect(reader.feed([0xFF, 0xC3, 0x41]) == [mark, mark, .typed("A")])
    }

    @Test func `unknown sequences change nothing`() {
        #expect(keys("\u{1B}[99~\u{1B}[?1;2c\u{1B}Ox\u{1B}za") == [.typed("a")])
    }

    @Test func `words are moved over and cut, and can be put back`() {
        #expect(editor(after: "one two three\u{17}").text == "one two ")
        #expect(editor(after: "one two three\u{17}\u{19}\u{19}").text == "one two threethree")
        #expect(editor(after: "one two\u{1B}bX").text == "one Xtwo")
        #expect(editor(after: "one two\u{01}\u{1B}fX").text == "oneX two")
        #expect(editor(after: "one two\u{1B}b\u{0B}").text == "one ")
        #expect(editor(after: "one two\u{1B}b\u{15}").text == "two")
    }

    @Test func `a mark typed after its letter joins it`() {
        let editor = editor(after: "e\u{301}x\u{1B}[D\u{7F}")
        #expect(editor.text == "x")
    }

    @Test func `up and down go through the history, and back to the draft`() {
        let history = ["first", "second"]
        #expect(editor(after: "draft\u{10}", history: history).text == "second")
        #expect(editor(after: "draft\u{10}\u{10}\u{10}", history: history).text == "first")
        #expect(editor(after: "draft\u{10}\u{10}\u{0E}\u{0E}", history: history).text == "draft")
        #expect(editor(after: "third\r\u{10}", history: history).text == "third")
    }

    @Test func `the history has a limit, and keeps neither blanks nor repeats`() {
        var history = InputHistory()
        for number in 0..<InputHistory.linesMax + 5 { history.keep("\(number)") }
        #expect(history.lines.count == InputHistory.linesMax)
        #expect(history.lines.first == "5")
        #expect(history.keep(history.lines.last ?? "") == false)
        #expect(history.keep("  ") == false)
    }

    @Test func `a line has a limit`() {
        let text = String(repeating: "x", count: LineEditor.bytesMax)
        var editor = editor(after: text)
        #expect(editor.take(.typed("y")) == .full)
        #expect(editor.take(.typed("z")) == .nothing, "told once")
        #expect(editor.text == text)
        #expect(editor.take(.enter) == .full, "nothing is sent that lacks something")
        #expect(editor.take(.enter) == .submitted(text))
        #expect(editor.take(.pasted(text + "y")) == .full)
        #expect(editor.text.isEmpty)
    }

    @Test func `a mark joins its neighbours wherever the cursor stands`() {
        var editor = editor(after: "ae")
        _ = editor.take(.left)
        #expect(editor.take(.typed("\u{308}")) == .edited)
        #expect(editor.characters == ["a\u{308}", "e"])
        #expect(editor.cursor == 1)
        _ = editor.take(.home)
        #expect(editor.take(.pasted("x\u{301}y")) == .edited)
        #expect(editor.characters == ["x\u{301}", "y", "a\u{308}", "e"])
        #expect(editor.cursor == 2)
    }

    @Test func `a text that does not fit ends in a mark, and its colour ends`() {
        #expect(DisplayWidth.fitted("abc", into: 3) == "abc")
        #expect(DisplayWidth.fitted("abcd", into: 3) == "ab…")
        let red = "\u{1B}[31m日本\u{1B}[0m"
        #expect(DisplayWidth.fitted(red, into: 3) == "\u{1B}[31m日…\u{1B}[0m")
        #expect(DisplayWidth.of(red) == 4)
    }
}
