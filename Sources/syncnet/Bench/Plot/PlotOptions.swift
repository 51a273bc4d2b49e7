import ArgumentParser
import Foundation

/// Where a table that is a curve is drawn, too.
struct PlotOptions: ParsableArguments {
    @Option(name: .customLong("plot"), help: "Draw the figures as a curve, too: FILE.svg.")
    var path: String?

    func validate() throws {
        if let path { try PlotFile.check(path) }
    }

    /// Draws it where that is wanted.
    func write(_ plot: Plot) throws {
        if let path { try PlotFile.write(plot, to: path) }
    }
}

/// A file with a plot.
enum PlotFile {
    /// Refuses a file that could not be written, before anything is measured.
    static func check(_ path: String) throws {
        guard path.lowercased().hasSuffix(".svg") else {
            throw ValidationError("A plot is SVG: name a file like curve.svg, not \"\(path)\".")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw ValidationError(
                "The plot \(path) can't be written: make a directory \(folder) first.")
        }
    }

    /// Draws the plot. A file that is there is replaced.
    static func write(_ plot: Plot, to path: String) throws {
        do {
            try Data(PlotSVG(plot).text.utf8).write(
                to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure("can't write the plot \(path): \(error)")
        }
    }
}
