import ArgumentParser

/// Numbers that a measurement takes.
enum BenchRange {
    /// Refuses a number that is out of range, with a sentence that says so.
    static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw ValidationError(
                "\(name) has to be from \(range.lowerBound) to \(range.upperBound).")
        }
    }

    /// The numbers of a list like `1,16,64`.
    static func list(
        _ name: String, _ text: String, _ range: ClosedRange<Int>, like example: String
    ) throws -> [Int] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.allSatisfy({ $0.map(range.contains) ?? false }) else {
            throw ValidationError(
                "\(name) has to be numbers from \(range.lowerBound) to \(range.upperBound) like "
                    + "\(example).")
        }
        return numbers.compactMap(\.self)
    }
}
