import ArgumentParser
import Foundation

/// Draws curves, for scripts.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw curves as SVG.",
        discussion: """
            Reads a point from each line of standard input: the name of its curve, x and y, with \
            tabs between them.
            """)

    private static let pointsMax = 100_000

    @Argument(help: "The file to write: FILE.svg.")
    var path: String

    @Option(help: "What stands above the curves.")
    var title = ""

    @Option(help: "What x is, with its unit.")
    var x = "x"

    @Option(help: "What y is, with its unit.")
    var y = "y"

    @Flag(help: "Make x logarithmic.")
    var logX = false

    @Flag(help: "Make y logarithmic.")
    var logY = false

    func validate() throws { try PlotFile.check(path) }

    func run() throws {
        var plot = Plot(
            title: title, x: Plot.Axis(label: x, isLogarithmic: logX),
            y: Plot.Axis(label: y, isLogarithmic: logY), series: [])
        var count = 0
        while let line = readLine() {
            count += 1
            guard count <= Self.pointsMax else {
                throw Failure("there are more than \(Self.pointsMax) points: leave some out")
            }
            try plot.add(line, count)
        }
        guard !plot.drawable.series.isEmpty else {
            throw Failure("there is no point to draw: say lines like \"leader<TAB>16<TAB>8330\"")
        }
        try PlotFile.write(plot, to: path)
    }
}

extension Plot {
    /// Adds the point of a line.
    fileprivate mutating func add(_ line: String, _ number: Int) throws {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 3, let x = Double(fields[1]), let y = Double(fields[2]) else {
            throw Failure(
                "line \(number) is no point: say a name, x and y with tabs between them")
        }
        let name = String(fields[0])
        if !series.contains(where: { $0.name == name }) {
            guard series.count < Self.seriesMax else {
                throw Failure("there are more than \(Self.seriesMax) curves: draw two plots")
            }
            series.append(Series(name: name, points: []))
        }
        guard let slot = series.firstIndex(where: { $0.name == name }) else { return }
        series[slot].points.append(Point(x: x, y: y))
    }
}
