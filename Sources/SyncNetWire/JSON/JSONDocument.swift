import SyncNetProtocol

/// A JSON text that was checked, and whose values are read where they stand.
struct JSONDocument {
    private let bytes: [UInt8]
    private let nodes: [JSONNode]

    /// The outermost value.
    static let root = 0

    init(_ bytes: [UInt8], allowsNotFinite: Bool = false) throws(WireError) {
        self.bytes = bytes
        nodes = try bytes.withUnsafeBufferPointer { buffer throws(WireError) in
            var scanner = JSONScanner(
                UnsafeRawBufferPointer(buffer), allowsNotFinite: allowsNotFinite)
            try scanner.scan()
            return scanner.nodes
        }
    }

    func kind(of node: Int) -> JSONNode.Kind { nodes[node].kind }

    /// The elements of an array, or the keys and values of an object in turn.
    func children(of node: Int) -> [Int] {
        var children: [Int] = []
        var child = node + 1
        while child < nodes[node].next {
            children.append(child)
            child = Int(nodes[child].next)
        }
        return children
    }

    /// The value of a key in an object: the last one where it stands twice, as Python has
    /// it. None where it is null.
    func value(of key: StaticString, in object: Int) -> Int? {
        guard nodes[object].kind == .object else { return nil }
        var found: Int?
        var node = object + 1
        while node < nodes[object].next {
            if isKey(node, key) { found = node + 1 }
            node = Int(nodes[node + 1].next)
        }
        guard let found, nodes[found].kind != .null else { return nil }
        return found
    }

    private func isKey(_ node: Int, _ key: StaticString) -> Bool {
        if nodes[node].kind == .escapedString { return text(at: node)?.isEqual(to: key) == true }
        let start = Int(nodes[node].start)
        let length = Int(nodes[node].end) - start
        guard length == key.utf8CodeUnitCount else { return false }
        return key.withUTF8Buffer { wanted in
            for offset in 0..<length where bytes[start + offset] != wanted[offset] {
                return false
            }
            return true
        }
    }

    private func withBytes<Result>(
        of node: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { all in
            let range = Int(nodes[node].start)..<Int(nodes[node].end)
            return body(UnsafeRawBufferPointer(rebasing: all[range]))
        }
    }

    func text(at node: Int) -> Text? {
        switch nodes[node].kind {
        case .string: withBytes(of: node) { Text(utf8: [UInt8]($0)) }
        case .escapedString: withBytes(of: node) { Text(utf8: JSONEscape.resolve($0)) }
        default: nil
        }
    }

    func boolean(at node: Int) -> Bool? {
        switch nodes[node].kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// A number that is an integer, also where it is written as 1e3 or 5.0.
    func integer(at node: Int) -> Int64? {
        guard nodes[node].kind == .number else { return nil }
        return withBytes(of: node) { JSONNumber.integer($0) }
    }

    func double(at node: Int) -> Double? {
        guard nodes[node].kind == .number else { return nil }
        return withBytes(of: node) { JSONNumber.double($0) }
    }

    func isPlainInteger(_ node: Int) -> Bool {
        nodes[node].kind == .number && withBytes(of: node) { JSONNumber.isPlainInteger($0) }
    }
}
