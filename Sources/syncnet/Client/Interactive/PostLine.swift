import Foundation
import SyncNetTerminal

/// How what was said looks on a person's screen.
struct PostLine {
    var isColourful: Bool
    private var day = ""

    init(isColourful: Bool) { self.isColourful = isColourful }

    /// The lines of a message: one, after the date where that is another one.
    mutating func lines(of post: Post, after room: String = "") -> [String] {
        let (date, time) = Self.local(post.createdAt)
        let line =
            "\(grey(time)) \(room)\(sender(post.sender)) \(Terminal.harmless(post.text))"
        guard date != day else { return [line] }
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

    /// Something that is no message.
    func remark(_ text: String) -> String { grey("· \(Terminal.harmless(text))") }

    /// Something that did not work.
    func complaint(_ text: String) -> String {
        Colour.red.paint("! \(Terminal.harmless(text))", if: isColourful)
    }

    func grey(_ text: String) -> String { Colour.grey.paint(text, if: isColourful) }

    private func sender(_ name: String) -> String {
        let colours: [Colour] = [.cyan, .green, .yellow, .blue, .magenta]
        let number = name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        return colours[number % colours.count].paint(
            "\(Terminal.harmless(name)):", if: isColourful)
    }

    /// Date and time of day where the person is.
    private static func local(_ seconds: Double) -> (date: String, time: String) {
        guard seconds.isFinite, abs(seconds) < 1e11 else { return ("", "--:--") }
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        let pad = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
        return (
            "\(parts.tm_year + 1900)-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))",
            "\(pad(parts.tm_hour)):\(pad(parts.tm_min))"
        )
    }
}
