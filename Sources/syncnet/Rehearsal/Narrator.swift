/// Tells on the screen what is done and whether what was promised held.
final class Narrator {
    private let isColourful = Terminal.isColourful
    private let began = ContinuousClock.now
    /// How many claims held, and how many did not.
    private(set) var held = 0
    private(set) var broken = 0

    /// A new scenario, and what it shows.
    func title(_ title: String, _ text: String...) {
        Terminal.print("\n" + Colour.cyan.paint("━━ \(title)", if: isColourful))
        for line in text { Terminal.print("   \(line)") }
    }

    /// Something that was done.
    func step(_ text: String) {
        let seconds = Self.seconds(began.duration(to: .now))
        let padded = String(repeating: " ", count: max(0, 7 - seconds.count)) + seconds
        Terminal.print(Colour.grey.paint(padded, if: isColourful) + "  \(text)")
    }

    /// Something that was promised, and whether it is so.
    @discardableResult
    func claim(_ text: String, _ isSo: Bool, otherwise detail: String? = nil) -> Bool {
        if isSo { held += 1 } else { broken += 1 }
        let mark = isSo ? Colour.green.paint("held", if: isColourful) : failed
        Terminal.print("   \(mark)  \(text)")
        if !isSo, let detail { quote(detail) }
        return isSo
    }

    private var failed: String { Colour.red.paint("NOT SO", if: isColourful) }

    /// Lines of something else, set off.
    func quote(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            Terminal.print("      │ \(line)")
        }
    }

    /// The last line.
    func conclude() {
        let claims = held + broken
        Terminal.print(
            "\n"
                + (broken == 0
                    ? Colour.green.paint("All \(claims) claims held.", if: isColourful)
                    : Colour.red.paint("\(broken) of \(claims) did not hold.", if: isColourful)))
    }

    /// A time in milliseconds or seconds, as people say it.
    static func words(_ duration: Duration) -> String {
        let milliseconds = Int64(duration / .milliseconds(1))
        return milliseconds < 1_000 ? "\(milliseconds) ms" : "\(seconds(duration)) s"
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int64(duration / .milliseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
