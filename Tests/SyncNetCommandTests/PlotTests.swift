import Foundation
import Testing

extension CommandTests {
    /// Curves as SVG.
    @Suite(.timeLimit(.minutes(1))) struct PlotTests {
        /// Draws points and reads the file again.
        private func draw(_ lines: [String], _ flags: String...) throws -> PlotReader {
            let folder = try Place.temporary()
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appendingPathComponent("curve.svg")
            let ended = try plot(lines, [file.path] + flags)
            #expect(ended.code == 0, "\(ended.errors)")
            return try PlotReader(file)
        }

        private func plot(_ lines: [String], _ words: [String]) throws -> Ended {
            let running = try Running.syncnet(["bench", "plot"] + words)
            for line in lines { running.type(line) }
            running.endInput()
            return try #require(running.end(within: 20))
        }

        private func places(_ points: [PlotReader.Element]) throws -> [(x: Double, y: Double)] {
            try points.map { (try $0.number("cx"), try $0.number("cy")) }
        }

        @Test func `points stand where their values are, between the ends of the axes`() throws {
            let svg = try draw(["a\t0\t0", "a\t5\t40", "a\t10\t100"])
            let frame = try #require(svg.all("rect", "frame").first)
            let (left, top) = (try frame.number("x"), try frame.number("y"))
            let (width, height) = (try frame.number("width"), try frame.number("height"))
            // The last circle is the legend's.
            let points = try places(svg.all("circle")).dropLast()
            let places = [(0, 0), (0.5, 0.4), (1, 1)].map { right, up in
                (x: left + width * right, y: top + height * (1 - up))
            }
            for (point, place) in zip(points, places) {
                #expect(abs(point.x - place.x) < 0.01 && abs(point.y - place.y) < 0.01)
            }
            #expect(points.count == places.count)
        }

        @Test func `on logarithmic axes equal ratios are equal distances`() throws {
            let svg = try draw(["a\t10\t1", "a\t100\t10", "a\t1000\t100"], "--log-x", "--log-y")
            let points = try places(svg.all("circle")).dropLast()
            #expect(abs(points[1].x * 2 - points[0].x - points[2].x) < 0.05)
            #expect(abs(points[1].y * 2 - points[0].y - points[2].y) < 0.05)
            #expect(points[0].x < points[1].x && points[0].y > points[1].y)
        }

        @Test func `every curve has its line, its colour and its name, whatever that holds`() throws
        {
            let svg = try draw(
                ["<leader> & \"co\"\t1\t2", "b\t1\t3", "<leader> & \"co\"\t2\t4"], "--title", "A<B",
                "--x", "clients", "--y", "messages/s")
            let curves = svg.all("polyline")
            #expect(curves.count == 2)
            #expect(Set(curves.map { $0.attributes["class"] }).count == 2)
            let texts = svg.all("text").map(\.text)
            for text in ["A<B", "clients", "messages/s", "<leader> & \"co\"", "b"] {
                #expect(texts.contains(text), "\(texts)")
            }
        }

        @Test func `it is readable on dark ground, too`() throws {
            let svg = try draw(["a\t1\t2"])
            let style = try #require(svg.all("style").first).text
            #expect(style.contains("prefers-color-scheme:dark"))
        }

        @Test(
            arguments: [
                ([], "there is no point to draw"), (["a\t1"], "line 1 is no point"),
                (["a\t1\t2", "a\tone\t2"], "line 2 is no point"),
                (["a\tnan\t2"], "there is no point to draw"),
                ((0..<9).map { "\($0)\t1\t1" }, "more than 8 curves"),
            ])
        func `what can't be drawn is refused, and no file is made`(
            lines: [String], text: String
        ) throws {
            let folder = try Place.temporary()
            defer { try? FileManager.default.removeItem(at: folder) }
            let file = folder.appendingPathComponent("curve.svg")
            let ended = try plot(lines, [file.path])
            #expect(ended.code == 1)
            #expect(ended.errors.contains(text), "\(ended.errors)")
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }
}
