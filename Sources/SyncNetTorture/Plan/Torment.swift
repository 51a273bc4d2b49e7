/// Something bad that is done to a running cluster for some time.
package struct Torment: Equatable, Sendable {
    /// What is done.
    package enum Action: Equatable, Sendable {
        /// It is killed, and started again at the end.
        case kill(Int)
        /// It is asked to end, and started again at the end.
        case restart(Int)
        /// It is killed, and started again at the end, without its data.
        case wipe(Int)
        /// The others are told that it is no member; at the end it is started without its data.
        case remove(Int)
        /// At the end the data of all servers is what it was at the begin.
        case rollBack
        /// It is stopped, and goes on at the end.
        case freeze(Int)
        /// Its disk is full.
        case fill(Int)
        /// Its wall clock jumps by so many seconds, and back at the end.
        case step(Int, seconds: Int)
        /// Links behave so.
        case weather(Weather, [Link])
        /// The streams over these links break, once.
        case reset([Link])
        /// Its network interface is down.
        case unplug(Int)
        /// The kernel drops what it receives, or what it sends.
        case filter(Int, incoming: Bool)
        /// The kernel drops what clients send to it.
        case orphan(Int)
    }

    /// What kind of thing it is.
    package var kind: TormentKind
    /// What is done, all at the same time.
    package var actions: [Action]

    /// Makes a torment.
    package init(_ kind: TormentKind, _ actions: [Action]) {
        self.kind = kind
        self.actions = actions
    }
}

extension Torment: CustomStringConvertible {
    /// One line for people.
    package var description: String {
        "\(kind.rawValue): " + actions.map(\.description).joined(separator: ", ")
    }
}

extension Torment.Action: CustomStringConvertible {
    /// A few words for people; servers are numbered as in their names.
    package var description: String {
        switch self {
        case .kill(let server), .restart(let server), .wipe(let server), .remove(let server),
            .freeze(let server), .fill(let server), .unplug(let server), .orphan(let server):
            "server\(server + 1)"
        case .rollBack: "all servers"
        case .step(let server, let seconds):
            "server\(server + 1) by \(seconds > 0 ? "+" : "")\(seconds) s"
        case .filter(let server, let incoming):
            "\(incoming ? "to" : "from") server\(server + 1)"
        case .reset(let links): "streams break on " + Self.words(links)
        case .weather(let weather, let links): Self.words(weather) + Self.words(links)
        }
    }

    private static func words(_ links: [Link]) -> String {
        links.map(\.description).joined(separator: " ")
    }

    private static func words(_ weather: Weather) -> String {
        if weather.isCut { return "" }
        var words: [String] = []
        if weather.delay != 0...0 {
            let (low, high) = (weather.delay.lowerBound / 1_000, weather.delay.upperBound / 1_000)
            words.append("\(low) to \(high) ms")
        }
        if weather.lossPercent > 0 { words.append("\(weather.lossPercent) % lost") }
        if weather.doublePercent > 0 { words.append("\(weather.doublePercent) % twice") }
        return words.joined(separator: ", ") + " on "
    }
}
