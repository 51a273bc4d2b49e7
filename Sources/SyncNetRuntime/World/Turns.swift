import NIOCore

/// A queue in which origins take turns: however much one of them asks for, each of the others
/// waits for one thing of it. All in O(1).
struct Turns<Element> {
    private let perOrigin: Int
    private var lines: [String: CircularBuffer<Element>] = [:]
    private var origins = CircularBuffer<String>()

    /// With at most `perOrigin` elements of one origin.
    init(perOrigin: Int) { self.perOrigin = perOrigin }

    /// Takes an element, unless its origin has as many as it may.
    mutating func append(_ element: Element, from origin: String) -> Bool {
        guard lines[origin, default: []].count < perOrigin else { return false }
        if lines[origin] == nil { origins.append(origin) }
        lines[origin, default: []].append(element)
        return true
    }

    /// The oldest element of the origin whose turn it is.
    mutating func popFirst() -> Element? {
        guard let origin = origins.popFirst(), let element = lines[origin]?.popFirst() else {
            return nil
        }
        if lines[origin]?.isEmpty == true {
            lines[origin] = nil
        } else {
            origins.append(origin)
        }
        return element
    }
}
