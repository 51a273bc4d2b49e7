import ArgumentParser

/// A time that somebody gives as a number of seconds, fractions allowed.
struct Seconds: ExpressibleByArgument {
    /// Longer than anybody waits: eleven days.
    static let most = 1_000_000.0

    var value: Double

    init(_ value: Double) { self.value = value }

    /// Nil for what is no number from 0 to ``most``.
    init?(argument: String) {
        guard let value = Double(argument), (0...Self.most).contains(value) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { words }

    /// The same as a duration.
    var duration: Duration { .seconds(value) }

    /// The number, as people write it.
    var words: String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
}
