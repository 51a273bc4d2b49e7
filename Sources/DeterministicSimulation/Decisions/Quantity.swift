/// Lengths of time as text, without loss.
enum Quantity {
    /// The largest unit of which there is at least one: `1.25 ms`.
    static func time(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000: "\(nanoseconds) ns"
        case ..<1_000_000: decimal(nanoseconds, places: 3) + " us"
        case ..<1_000_000_000: decimal(nanoseconds, places: 6) + " ms"
        default: decimal(nanoseconds, places: 9) + " s"
        }
    }

    /// Seconds with as many places as there are.
    static func seconds(_ nanoseconds: UInt64) -> String { decimal(nanoseconds, places: 9) }

    private static func decimal(_ nanoseconds: UInt64, places: Int) -> String {
        let scale = power(places)
        let whole = String(nanoseconds / scale)
        guard nanoseconds % scale > 0 else { return whole }
        var digits = Array(String(nanoseconds % scale).utf8)
        digits.insert(contentsOf: repeatElement(48, count: places - digits.count), at: 0)
        while digits.last == 48 { digits.removeLast() }
        return whole + "." + String(decoding: digits, as: UTF8.self)
    }

    private static func power(_ places: Int) -> UInt64 {
        (0..<places).reduce(1) { power, _ in power * 10 }
    }

    /// Reads a number with its unit.
    static func nanoseconds(_ number: Substring, _ unit: Substring) -> UInt64? {
        switch unit {
        case "ns": nanoseconds(number, places: 0)
        case "us": nanoseconds(number, places: 3)
        case "ms": nanoseconds(number, places: 6)
        case "s": nanoseconds(number, places: 9)
        default: nil
        }
    }

    private static func nanoseconds(_ text: Substring, places: Int) -> UInt64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = UInt64(parts[0]) else { return nil }
        let (scaled, isTooMuch) = whole.multipliedReportingOverflow(by: power(places))
        guard !isTooMuch else { return nil }
        guard parts.count == 2 else { return scaled }
        guard parts[1].utf8.count <= places, let fraction = UInt64(parts[1]) else { return nil }
        let (sum, isOver) = scaled.addingReportingOverflow(
            fraction * power(places - parts[1].utf8.count))
        return isOver ? nil : sum
    }
}
