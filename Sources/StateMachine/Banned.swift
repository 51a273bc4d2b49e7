// The standard library's unseeded randomness, declared again so that a use of it is a
// warning, and so an error. `package`, so that users of the library are not told off.

extension FixedWidthInteger {
    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package static func random(in range: Range<Self>) -> Self { range.lowerBound }

    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package static func random(in range: ClosedRange<Self>) -> Self { range.lowerBound }
}

extension Bool {
    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package static func random() -> Bool { false }
}

extension Double {
    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package static func random(in range: Range<Double>) -> Double { range.lowerBound }

    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package static func random(in range: ClosedRange<Double>) -> Double { range.lowerBound }
}

extension Collection {
    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package func randomElement() -> Element? { first }
}

extension Sequence {
    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package func shuffled() -> [Element] { Array(self) }
}

extension MutableCollection where Self: RandomAccessCollection {
    /// Unseeded: use ``Generator``.
    @available(*, deprecated, message: "unseeded: draw from a Generator")
    package mutating func shuffle() {}
}
