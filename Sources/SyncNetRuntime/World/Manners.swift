import NIOCore

/// How a client's connection behaves: whether it still speaks, and how much.
struct Manners {
    /// Where it comes from.
    let address: String
    /// How many requests it may send.
    var budget: RequestBudget
    private let began: NIODeadline
    private var lastLine: NIODeadline?
    private var lineBegan: NIODeadline?

    init(of address: String, limits: NetworkSettings) {
        self.address = address
        budget = RequestBudget(perSecond: limits.requestsPerSecond, burst: limits.requestBurst)
        began = .now()
    }

    /// Something was read: whether it ended a line, and whether it began another one.
    mutating func heard(line: Bool, begins: Bool) {
        let now = NIODeadline.now()
        if line { lastLine = now }
        if line || !begins { lineBegan = nil }
        if begins, lineBegan == nil { lineBegan = now }
    }

    /// What it has left out for too long; nil where it has not.
    func omission(at now: NIODeadline, limits: NetworkSettings) -> Omission? {
        func isOver(_ start: NIODeadline, _ seconds: Int) -> Bool {
            seconds > 0 && now - start >= .seconds(Int64(seconds))
        }
        if let lineBegan, isOver(lineBegan, limits.lineSeconds) { return .line(limits.lineSeconds) }
        guard let lastLine else {
            return isOver(began, limits.firstLineSeconds)
                ? .firstLine(limits.firstLineSeconds) : nil
        }
        return isOver(lastLine, limits.idleSeconds) ? .anything(limits.idleSeconds) : nil
    }

    /// What a connection has not said in so many seconds.
    enum Omission: Equatable {
        case firstLine(Int)
        case line(Int)
        case anything(Int)

        /// As its program is told.
        var detail: String {
            switch self {
            case .firstLine(let seconds): "no first line within \(seconds) s"
            case .line(let seconds): "a line did not end within \(seconds) s"
            case .anything(let seconds): "nothing was said for \(seconds) s"
            }
        }
    }
}
