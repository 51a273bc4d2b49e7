/// Curves over one pair of axes.
struct Plot: Equatable, Sendable {
    /// What one direction shows.
    struct Axis: Equatable, Sendable {
        /// What is shown, with its unit.
        var label: String
        /// Whether equal distances are equal ratios. Values of zero and less are left out then.
        var isLogarithmic = false
    }

    /// One measurement.
    struct Point: Equatable, Sendable {
        var x: Double
        var y: Double
    }

    /// One curve.
    struct Series: Equatable, Sendable {
        /// As the legend calls it.
        var name: String
        var points: [Point]
    }

    /// What stands above it.
    var title: String
    var x: Axis
    var y: Axis
    var series: [Series]

    /// More curves have no colours of their own.
    static let seriesMax = 8

    /// The same without what its axes can't show: what is not finite, and on a logarithmic axis
    /// what is not above zero.
    var drawable: Plot {
        var plot = self
        for index in plot.series.indices {
            plot.series[index].points = plot.series[index].points
                .filter { x.shows($0.x) && y.shows($0.y) }
                .sorted { $0.x < $1.x }
        }
        plot.series.removeAll { $0.points.isEmpty }
        return plot
    }
}

extension Plot.Axis {
    fileprivate func shows(_ value: Double) -> Bool {
        value.isFinite && (!isLogarithmic || value > 0)
    }
}
