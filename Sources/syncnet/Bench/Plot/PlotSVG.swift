import Foundation

/// A plot as SVG, readable on light and on dark ground.
struct PlotSVG {
    /// Pixels.
    private enum Size {
        static let width = 720.0
        static let height = 420.0
        static let left = 84.0
        static let right = 24.0
        static let top = 48.0
        static let bottom = 64.0
        static let legendLine = 20.0
    }

    private let plot: Plot
    private let x: PlotScale
    private let y: PlotScale
    private let bottom: Double

    /// Lays a plot out.
    init(_ plot: Plot) {
        self.plot = plot.drawable
        let points = self.plot.series.flatMap(\.points)
        bottom = Size.height - Size.bottom
        x = PlotScale(
            points.map(\.x), isLogarithmic: plot.x.isLogarithmic, endsAtValues: true,
            from: Size.left, to: Size.width - Size.right)
        y = PlotScale(
            points.map(\.y), isLogarithmic: plot.y.isLogarithmic, endsAtValues: false,
            from: bottom, to: Size.top)
    }

    /// The whole file.
    var text: String {
        let height = Size.height + Size.legendLine * Double(plot.series.count)
        let head = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.number(Size.width)) \
            \(Self.number(height))" role="img" font-family="system-ui, sans-serif" font-size="13">
            <title>\(Self.escaped(plot.title))</title>
            <style>\(Self.style)</style>
            <rect class="ground" width="100%" height="100%"/>
            """
        let lines = [head, heading] + xTicks + yTicks + [frame] + curves + legend + ["</svg>"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Colours that can be told apart, also by those who see few of them; lighter on dark ground.
    private static let colours = [
        ("#0b62a4", "#6cb6ff"), ("#c2410c", "#ff9d5c"), ("#15803d", "#5fd48a"),
        ("#7e22ce", "#c792ea"), ("#b91c5c", "#ff7fb0"), ("#5b5f66", "#b0b6bf"),
        ("#8a6d00", "#e5c547"), ("#0f766e", "#4fd1c5"),
    ]

    private static var style: String {
        func sheet(_ ground: String, _ ink: String, _ line: String, isDark: Bool) -> String {
            let classes = colours.enumerated().map { number, pair in
                let colour = isDark ? pair.1 : pair.0
                return ".c\(number){stroke:\(colour);fill:\(colour)}"
            }
            return ".ground{fill:\(ground)}text{fill:\(ink)}.grid{stroke:\(line)}"
                + ".frame{stroke:\(ink);fill:none}" + classes.joined() + ".curve{fill:none}"
        }
        return sheet("#ffffff", "#1f2328", "#d8dee4", isDark: false)
            + "@media(prefers-color-scheme:dark){"
            + sheet("#0d1117", "#e6edf3", "#30363d", isDark: true) + "}"
    }
}

extension PlotSVG {
    private var heading: String {
        Self.text(plot.title, x: Size.width / 2, y: 28, "middle", more: " font-size=\"16\"")
    }

    private var frame: String {
        """
        <rect class="frame" x="\(Self.number(Size.left))" y="\(Self.number(Size.top))" \
        width="\(Self.number(Size.width - Size.right - Size.left))" \
        height="\(Self.number(bottom - Size.top))"/>
        """
    }

    private var xTicks: [String] {
        x.ticks.flatMap { tick in
            let at = x.position(of: tick)
            return [
                Self.line(at, Size.top, at, bottom),
                Self.text(Self.label(tick), x: at, y: bottom + 20, "middle"),
            ]
        } + [
            Self.text(
                plot.x.label, x: (Size.left + Size.width - Size.right) / 2, y: bottom + 44,
                "middle")
        ]
    }

    private var yTicks: [String] {
        let middle = (Size.top + bottom) / 2
        return y.ticks.flatMap { tick in
            let at = y.position(of: tick)
            return [
                Self.line(Size.left, at, Size.width - Size.right, at),
                Self.text(Self.label(tick), x: Size.left - 8, y: at + 4, "end"),
            ]
        } + [
            Self.text(
                plot.y.label, x: 18, y: middle, "middle",
                more: " transform=\"rotate(-90 18 \(Self.number(middle)))\"")
        ]
    }

    private var curves: [String] {
        plot.series.enumerated().flatMap { index, series in
            let places = series.points.map { (x.position(of: $0.x), y.position(of: $0.y)) }
            let corners = places.map { "\(Self.number($0.0)),\(Self.number($0.1))" }
            let colour = "c\(index % Self.colours.count)"
            let curve = """
                <polyline class="\(colour) curve" stroke-width="2" \
                points="\(corners.joined(separator: " "))"/>
                """
            return [curve] + places.map { Self.dot($0.0, $0.1, colour) }
        }
    }

    private var legend: [String] {
        plot.series.enumerated().flatMap { index, series in
            let at = Size.height + Size.legendLine * Double(index)
            return [
                Self.dot(Size.left + 6, at, "c\(index % Self.colours.count)"),
                Self.text(series.name, x: Size.left + 20, y: at + 4, "start"),
            ]
        }
    }
}

extension PlotSVG {
    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        """
        <line class="grid" x1="\(number(x1))" y1="\(number(y1))" x2="\(number(x2))" \
        y2="\(number(y2))"/>
        """
    }

    private static func dot(_ x: Double, _ y: Double, _ colour: String) -> String {
        "<circle class=\"\(colour)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4\"/>"
    }

    private static func text(
        _ text: String, x: Double, y: Double, _ anchor: String, more: String = ""
    ) -> String {
        """
        <text x="\(number(x))" y="\(number(y))" text-anchor="\(anchor)"\(more)>\
        \(escaped(text))</text>
        """
    }

    private static func number(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }

    /// As an axis says it: 1500 is 1.5k.
    private static func label(_ value: Double) -> String {
        switch abs(value) {
        case 1_000_000...: String(format: "%gM", value / 1_000_000)
        case 1_000...: String(format: "%gk", value / 1_000)
        default: String(format: "%g", value)
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar.value < 32 ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }
}
