/// The accounts: a function of the log.
package struct AccountTable: Equatable, Sendable {
    /// In byte order of their names.
    package private(set) var list: [Account]

    /// Makes a table of accounts in byte order of their names.
    package init(_ list: [Account] = []) { self.list = list }

    /// Where a name stands, or would stand.
    private func place(of name: Text) -> (at: Int, isThere: Bool) {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return (low, low < list.count && list[low].name == name)
    }

    /// The account of a name.
    package subscript(name: Text) -> Account? {
        let place = place(of: name)
        return place.isThere ? list[place.at] : nil
    }

    /// Makes an account, or changes it.
    package mutating func set(_ account: Account) {
        let place = place(of: account.name)
        if place.isThere {
            list[place.at] = account
        } else {
            list.insert(account, at: place.at)
        }
    }

    /// Removes an account. Returns whether there was one.
    package mutating func remove(_ name: Text) -> Bool {
        let place = place(of: name)
        if place.isThere { list.remove(at: place.at) }
        return place.isThere
    }

    /// The first accounts after a name, and whether there are more.
    package func page(
        after name: Text, limit: Int, bugs: PlantedBugs
    ) -> (page: [Account], hasMore: Bool) {
        let place = place(of: name)
        let skips = bugs.contains(.p48ListSkipsAccount) && name > "" && place.at < list.count
        let rest = list[(place.isThere || skips ? place.at + 1 : place.at)...]
        return (Array(rest.prefix(limit)), rest.count > limit)
    }
}
