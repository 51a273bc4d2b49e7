import GRDBSQLite

/// One directory on a disk in memory, which knows what was synced.
///
/// A crash keeps what a real disk might have kept: all that was synced, and of the rest any
/// subset of sectors, each in one of the versions written since; names that were made or
/// deleted and not synced may be there or not.
package final class SimulatedDisk {
    package let number: Int
    /// The directory to give to a store.
    package var directory: String { "/sim/\(number)" }

    /// The power goes off at this many further changes (see ``DiskCounters/changes``): the
    /// last one may half happen, and everything after it fails until ``crash(_:)``.
    package var fuse: UInt64?
    /// Whether the fuse has blown.
    package private(set) var isOut = false
    /// What goes wrong beyond crashes, as a test wants it.
    package var fault: ((DiskOperation) -> DiskFault)?
    /// What goes wrong beyond crashes, for a while; nil as long as nothing does.
    var ailment: DiskAilment?
    /// What nobody can tell who has only this disk to look at.
    let health = DiskHealth()
    private var promisesNames = false
    package private(set) var counters = DiskCounters()
    /// Over kind, place and length of all operations; not over bytes, since those of a
    /// write-ahead log hold random numbers that belong to the whole process.
    package private(set) var traceHash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Rises with every crash: files opened before it are dead.
    private(set) var life = 1
    private var names = Directory()
    private var durableNames = Directory()
    private var nameChanges: [Directory.Item] = []

    init(number: Int) { self.number = number }

    // MARK: What a simulation does

    /// The power goes off and comes back. What is kept is chosen by `choose`, which is given
    /// what it chooses and answers a number below the bound.
    package func crash(_ choose: (StaticString, UInt64) -> UInt64) {
        life += 1
        fuse = nil
        isOut = false
        var breaksPromise = promisesNames
        promisesNames = false
        crashNames(choose)
        for item in names.items where item.file?.crash(choose) == true { breaksPromise = true }
        health.losePower(breakingPromise: breaksPromise)
    }

    /// The process is killed; the kernel goes on and has all that it was given.
    package func kill() {
        life += 1
        fuse = nil
        isOut = false
        for item in names.items { item.file?.kill() }
    }

    /// Nothing is left.
    package func wipe() {
        life += 1
        fuse = nil
        isOut = false
        names = Directory()
        durableNames = Directory()
        nameChanges = []
        promisesNames = false
        health.begin()
    }

    /// The power goes off for good.
    func retire() {
        life += 1
        isOut = true
    }

    /// The size of a file; nil where there is none.
    package func size(of name: String) -> Int? { names[name]?.size }

    /// Names of the files, in byte order.
    package var files: [String] { names.items.map(\.name) }

    /// Deletes a file, as an operator would while the server is down.
    package func remove(_ name: String) {
        names[name] = nil
        durableNames[name] = nil
        nameChanges.removeAll { $0.name == name }
    }

    /// Changes one bit of a file, durably.
    package func flip(bit: Int, of name: String) {
        guard let file = names[name] else { return }
        file.sync()
        file.flip(bit: bit)
    }

    /// Changes one to four bits of what is durable in one file, at places that are drawn: in
    /// sectors that hold something, since in the holes of a file there is nothing to change.
    func rot(_ draw: (UInt64) -> UInt64) {
        let files = names.items.compactMap { item in
            item.file.map { ($0, $0.durableSectors, item.name) }
        }.filter { !$0.1.isEmpty }
        guard !files.isEmpty else { return }
        let (file, sectors, name) = files[Int(draw(UInt64(files.count)))]
        for _ in 0...draw(3) {
            let bytes = sectors[Int(draw(UInt64(sectors.count)))]
            file.flip(bit: bytes.lowerBound * 8 + Int(draw(UInt64(bytes.count * 8))))
        }
        health.damage(ofEvidence: Self.isEvidence(name))
    }

    private static func isEvidence(_ name: String) -> Bool { name.hasSuffix("evidence") }

    /// What was said to be durable becomes so: disks don't keep things back for ever.
    func keepPromises() {
        for item in names.items { item.file?.keepPromises() }
        if promisesNames { syncDirectory() }
    }

    /// Puts the same files on another disk, open to nobody.
    func copy(to other: SimulatedDisk) {
        var copies: [(from: DiskFile, to: DiskFile)] = []
        func copied(_ file: DiskFile?) -> DiskFile? {
            guard let file else { return nil }
            if let known = copies.first(where: { $0.from === file }) { return known.to }
            let copy = file.copy()
            copies.append((file, copy))
            return copy
        }
        other.names = names.mapped(copied)
        other.durableNames = durableNames.mapped(copied)
        other.nameChanges = nameChanges.map { Directory.Item(name: $0.name, file: copied($0.file)) }
        other.promisesNames = promisesNames
    }

    /// In how many ways a power cut may leave it; `UInt64.max` for more than can be counted.
    var outcomes: UInt64 {
        var result: UInt64 = 1
        func multiply(_ factor: UInt64) {
            let (product, isTooMuch) = result.multipliedReportingOverflow(by: factor)
            result = isTooMuch ? .max : product
        }
        for name in Directory.names(of: nameChanges) {
            multiply(UInt64(nameChanges.count { $0.name == name }) + 1)
        }
        for item in names.items { multiply(item.file?.outcomes ?? 1) }
        return result
    }

    private func crashNames(_ choose: (StaticString, UInt64) -> UInt64) {
        var kept = durableNames
        for name in Directory.names(of: nameChanges) {
            let versions = nameChanges.filter { $0.name == name }
            let choice = Int(choose("crash keeps a name", UInt64(versions.count + 1)))
            if choice > 0 { kept[name] = versions[choice - 1].file }
        }
        names = kept
        durableNames = kept
        nameChanges = []
    }

    // MARK: What a file system does

    /// Counts an operation, and says whether it works. An operation that blows the fuse is
    /// tried half: a change is there unsynced, but it fails.
    func begin(
        _ kind: DiskOperation.Kind, _ name: String, offset: Int = 0, count: Int = 0,
        in file: DiskFile? = nil
    ) -> Verdict {
        guard !isOut else { return .failed(SQLITE_IOERR) }
        counters.count(kind)
        mix(UInt64(kind.rawValue) &+ UInt64(offset) &* 8)
        mix(UInt64(count))
        if ailment != nil || fault != nil {
            let operation = DiskOperation(kind: kind, file: name, offset: offset, count: count)
            if let verdict = ail(operation, file) { return verdict }
        }
        guard kind != .read, let left = fuse else { return .works }
        fuse = left &- 1
        guard left <= 1 else { return .works }
        isOut = true
        return .halfDone
    }

    enum Verdict {
        case works
        /// It happens as far as it is not durable, and fails.
        case halfDone
        case failed(Int32)
        case drops
        case lies
        case short(Int)
        case astray(Int)
    }

    private func ail(_ operation: DiskOperation, _ file: DiskFile?) -> Verdict? {
        var what = fault?(operation) ?? DiskFault.none
        if what == DiskFault.none, let size = file?.size {
            what = ailment?.befall(operation, size: size) ?? DiskFault.none
        }
        switch what {
        case .none: return nil
        case .fail(let code): return .failed(code)
        case .drop: return .drops
        case .lie: return .lies
        case .short(let less):
            health.damage(isSilent: false)
            return .short(less)
        case .astray(let offset):
            health.damage(ofEvidence: Self.isEvidence(operation.file))
            return .astray(offset)
        }
    }

    private func mix(_ word: UInt64) {
        traceHash = (traceHash ^ word) &* 0x9E37_79B9_7F4A_7C15
        traceHash ^= traceHash &>> 29
    }

    func file(_ name: String) -> DiskFile? { names[name] }

    func create(_ name: String) -> DiskFile {
        let file = DiskFile()
        names[name] = file
        nameChanges.append(Directory.Item(name: name, file: file))
        return file
    }

    func delete(_ name: String) {
        names[name] = nil
        nameChanges.append(Directory.Item(name: name, file: nil))
    }

    func syncDirectory() {
        durableNames = names
        nameChanges = []
        promisesNames = false
    }

    /// Takes the names for durable, and is wrong.
    func promiseDirectory() { promisesNames = !nameChanges.isEmpty }
}

/// Names and their files, in byte order.
struct Directory {
    struct Item {
        var name: String
        /// Nil where the name was deleted.
        var file: DiskFile?
    }

    private(set) var items: [Item] = []

    subscript(name: String) -> DiskFile? {
        get { items.first { $0.name == name }?.file }
        set {
            items.removeAll { $0.name == name }
            guard let newValue else { return }
            let place =
                items.firstIndex { Array(name.utf8).lexicographicallyPrecedes($0.name.utf8) }
                ?? items.count
            items.insert(Item(name: name, file: newValue), at: place)
        }
    }

    func mapped(_ body: (DiskFile?) -> DiskFile?) -> Directory {
        var result = self
        for place in items.indices { result.items[place].file = body(items[place].file) }
        return result
    }

    /// Each name once, in byte order.
    static func names(of changes: [Item]) -> [String] {
        var sorted = Directory()
        let any = DiskFile()
        for change in changes { sorted[change.name] = any }
        return sorted.items.map(\.name)
    }
}
