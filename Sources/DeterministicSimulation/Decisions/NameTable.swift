/// Numbers for names. By address first: a name is a literal, and one literal has few addresses.
struct NameTable {
    private(set) var names: [String]
    private var addresses: [(address: UInt, index: UInt16)] = []

    init(_ names: [String] = []) { self.names = names }

    mutating func index(of name: StaticString) -> UInt16 {
        guard name.utf8CodeUnitCount > 0 else { return Decision.unnamed }
        let address = UInt(bitPattern: name.utf8Start)
        for known in addresses where known.address == address { return known.index }
        let index = index(of: name.description)
        addresses.append((address, index))
        return index
    }

    mutating func index(of name: String) -> UInt16 {
        if let known = names.firstIndex(of: name) { return UInt16(known) }
        names.append(name)
        return UInt16(names.count - 1)
    }
}
