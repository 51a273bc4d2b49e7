/// The way from one server to another, in one direction. Servers are numbered from 0.
package struct Link: Hashable, Comparable, Sendable {
    /// Who sends.
    package var from: Int
    /// Who receives.
    package var to: Int

    /// Makes the way between two servers.
    package init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// Every way between so many servers.
    package static func all(among servers: Int) -> [Link] {
        (0..<servers).flatMap { from in
            (0..<servers).filter { $0 != from }.map { Link(from: from, to: $0) }
        }
    }

    /// The order of the senders, then of the receivers.
    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.from, lhs.to) < (rhs.from, rhs.to)
    }
}

extension Link: CustomStringConvertible {
    /// Like `1→2`, numbered as people do.
    package var description: String { "\(from + 1)→\(to + 1)" }
}
