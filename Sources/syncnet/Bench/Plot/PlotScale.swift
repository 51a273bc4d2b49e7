import Foundation

/// Where values of one axis stand.
struct PlotScale: Equatable {
    private static let ticksMax = 6.0
    private static let decadesMax = 6

    let isLogarithmic: Bool
    /// The least and the greatest value.
    let values: ClosedRange<Double>
    /// Where these two stand; `to` lies below `from` where values rise upwards.
    let from: Double
    let to: Double
    /// What is marked.
    let ticks: [Double]

    /// An axis for all of the values. A linear one begins at zero, and ends where a tick does; a
    /// logarithmic one ends where the values do, or at whole decades.
    init(
        _ values: [Double], isLogarithmic: Bool, endsAtValues: Bool, from: Double, to: Double
    ) {
        self.isLogarithmic = isLogarithmic
        self.from = from
        self.to = to
        let (least, greatest) = (values.min() ?? 1, values.max() ?? 1)
        if !isLogarithmic {
            ticks = Self.linear(upTo: greatest, from: min(0, least))
            self.values = ticks[0]...ticks[ticks.count - 1]
        } else if endsAtValues, least < greatest {
            ticks = Self.sparse(values, from: from, to: to)
            self.values = least...greatest
        } else {
            let exponents = Self.decades(least, greatest)
            let step = (exponents.count - 1) / Self.decadesMax + 1
            ticks = exponents.filter { ($0 - exponents.lowerBound) % step == 0 }
                .map { pow(10, Double($0)) }
            let ends = (Double(exponents.lowerBound), Double(exponents.upperBound))
            self.values = pow(10, ends.0)...pow(10, ends.1)
        }
    }

    /// Where a value stands.
    func position(of value: Double) -> Double {
        from + share(of: value) * (to - from)
    }

    private func share(of value: Double) -> Double {
        guard isLogarithmic else {
            return (value - values.lowerBound) / (values.upperBound - values.lowerBound)
        }
        return log(value / values.lowerBound) / log(values.upperBound / values.lowerBound)
    }

    /// Whole decades around the values; at least one.
    private static func decades(_ least: Double, _ greatest: Double) -> ClosedRange<Int> {
        // A hair more or less is the rounding of the logarithm.
        let low = Int((log10(least) + 1e-9).rounded(.down))
        let high = Int((log10(greatest) - 1e-9).rounded(.up))
        return low...max(high, low + 1)
    }

    /// Steps of 1, 2 or 5 times a power of ten.
    private static func linear(upTo greatest: Double, from least: Double) -> [Double] {
        let span = greatest > least ? greatest - least : 1
        let rough = span / ticksMax
        let power = pow(10, log10(rough).rounded(.down))
        let step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
        let first = (least / step).rounded(.down)
        let last = max(first + 1, ((least + span) / step).rounded(.up))
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// The values themselves, where they don't crowd.
    private static func sparse(_ values: [Double], from: Double, to: Double) -> [Double] {
        let (sorted, room) = (Set(values).sorted(), 36.0)
        let pixels = abs(to - from) / log(sorted[sorted.count - 1] / sorted[0])
        var kept: [Double] = []
        for value in sorted where kept.last.map({ log(value / $0) * pixels >= room }) ?? true {
            kept.append(value)
        }
        return kept
    }
}
