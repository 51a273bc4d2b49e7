import Foundation

/// Lines of text with aligned columns.
package enum TextTable {
    /// Rows of equal length; columns are two spaces apart, and the last one is as it is.
    package static func lines(_ rows: [[String]], rightAligned: Set<Int> = []) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                if rightAligned.contains(column) { return gap + cell }
                return column == row.count - 1 ? cell : cell + gap
            }
            return cells.joined(separator: "  ")
        }
    }

    /// A length of time with three digits or so.
    static func time(nanoseconds: UInt64) -> String {
        let value = Double(nanoseconds)
        return switch nanoseconds {
        case 1_000_000_000...: String(format: "%.2f s", value / 1e9)
        case 1_000_000...: String(format: "%.1f ms", value / 1e6)
        case 1_000...: String(format: "%.0f us", value / 1e3)
        default: "\(nanoseconds) ns"
        }
    }
}
