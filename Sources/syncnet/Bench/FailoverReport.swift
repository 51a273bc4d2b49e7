/// All that `bench failover` measured.
struct FailoverReport: Codable, Equatable {
    var how: String
    /// Every outage in milliseconds, in the order of the trials.
    var outagesMs: [Double]
    var medianMs: Double
    var worstMs: Double
    /// Of one failover more, whose servers wrote down all that they did.
    var timeLine: TimeLine

    init(how: String, trials: [FailoverTrial], timeLine: TimeLine) {
        self.how = how
        self.timeLine = timeLine
        outagesMs = trials.map(\.outageMs)
        medianMs = Quantile.of(outagesMs, 0.5) ?? 0
        worstMs = outagesMs.max() ?? 0
    }

    var lines: [String] {
        [
            "\(outagesMs.count) trials (\(how)): median \(text(medianMs)), "
                + "worst \(text(worstMs)), least \(text(outagesMs.min() ?? 0))",
            "", "One failover, from the signal on:",
        ] + timeLine.lines
    }

    private func text(_ milliseconds: Double) -> String {
        "\(ClusterRow.text(milliseconds, 0)) ms"
    }
}
