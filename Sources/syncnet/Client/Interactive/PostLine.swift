import SyncNetTerminal

/// How what was said looks on a person's screen.
struct PostLine {
    var isColourful: Bool
    private var day = ""

    init(isColourful: Bool) { self.isColourful = isColourful }

    /// The lines of a message: one, after the date where that is another one.
    mutating func lines(of post: Post, after room: String = "") -> [String] {
        let (date, time) = LocalTime(claimed: post.createdAt).minute
        let line =
            "\(grey(time)) \(room)\(sender(post.sender)) \(Terminal.harmless(post.text))"
        guard date != day, !date.isEmpty else { return [line] }
        day = date
        return [grey("— \(date) —"), line]
    }

    /// Something that was said and is on its way; it looks different without colours as well.
    func line(of delivery: Board.Delivery, by sender: String, current: String?) -> String {
        let room = delivery.room == current ? "" : "[\(Terminal.harmless(delivery.room))] "
        let mark = delivery.index == nil ? "…" : "✓"
        let text = Terminal.harmless("\(sender): \(delivery.text)")
        return grey("    \(mark) \(room)\(text)")
    }

    /// Something that is no message, in lines of so many columns.
    func remark(_ text: String, into columns: Int) -> [String] {
        Self.wrapped("· \(text)", columns).map(grey)
    }

    /// Something that did not work.
    func complaint(_ text: String, into columns: Int) -> [String] {
        Self.wrapped("! \(text)", columns).map { Colour.red.paint($0, if: isColourful) }
    }

    // The terminal itself would go to the next line in the middle of a word.
    private static func wrapped(_ text: String, _ columns: Int) -> [String] {
        DisplayWidth.wrapped(Terminal.harmless(text), into: columns - 1, indent: 2)
    }

    func grey(_ text: String) -> String { Colour.grey.paint(text, if: isColourful) }

    private func sender(_ name: String) -> String {
        let colours: [Colour] = [.cyan, .green, .yellow, .blue, .magenta]
        let number = name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        return colours[number % colours.count].paint(
            "\(Terminal.harmless(name)):", if: isColourful)
    }
}
