/// Prints the lines of several servers so that a person can tell them apart.
struct Voice {
    private static let own = "syncnet"
    private let names: [String]
    private let width: Int
    private let isColourful: Bool

    init(names: [String], isColourful: Bool) {
        self.names = names
        self.isColourful = isColourful
        width = (names + [Self.own]).map(\.count).max() ?? 0
    }

    /// A line of a server.
    func say(_ line: String, of child: Int) {
        let colours: [Colour] = [.cyan, .magenta, .blue, .yellow, .green]
        Terminal.print(prefix(names[child], colours[child % colours.count]) + line)
    }

    /// A line about all of them.
    func say(_ line: String) { Terminal.print(prefix(Self.own, .grey) + line) }

    /// A line about something that should not be so.
    func alarm(_ line: String) { say(Colour.red.paint(line, if: isColourful)) }

    private func prefix(_ name: String, _ colour: Colour) -> String {
        let padded = name + String(repeating: " ", count: width - name.count)
        return colour.paint("\(padded) │", if: isColourful) + " "
    }
}
