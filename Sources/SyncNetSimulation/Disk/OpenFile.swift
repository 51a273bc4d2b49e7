import GRDBSQLite

/// A file as one connection has it open.
final class OpenFile {
    /// No file of a simulated disk gets larger: a gibibyte.
    private static let sizeMost = 1 << 30
    let disk: SimulatedDisk
    let file: DiskFile
    private let name: String
    private let life: Int
    /// Whether the next sync also makes the file's name durable, as on Unix after creation.
    private var syncsDirectory: Bool
    private(set) var lockLevel = SQLITE_LOCK_NONE
    private var sharedMemory: SharedMemory?
    private var held = SharedMemory.Held()

    init(disk: SimulatedDisk, file: DiskFile, name: String, syncsDirectory: Bool) {
        self.disk = disk
        self.file = file
        self.name = name
        self.syncsDirectory = syncsDirectory
        life = disk.life
        file.openFiles.append(self)
    }

    private var isDead: Bool { life != disk.life }

    func close() {
        unmap()
        file.openFiles.removeAll { $0 === self }
    }

    // MARK: Bytes

    func read(_ target: UnsafeMutableRawPointer, count: Int, at offset: Int) -> Int32 {
        guard !isDead else { return SQLITE_IOERR }
        var there = 0
        switch disk.begin(.read, name, offset: offset, count: count, in: file) {
        case .works: there = file.read(target, count: count, at: offset)
        case .astray(let other): there = file.read(target, count: count, at: other)
        case .short(let less): there = max(0, file.read(target, count: count, at: offset) - less)
        case .failed(let code): return code
        case .halfDone, .drops, .lies: return SQLITE_IOERR
        }
        guard there < count else { return SQLITE_OK }
        (target + there).initializeMemory(as: UInt8.self, repeating: 0, count: count - there)
        return ResultCode.shortRead
    }

    func write(_ source: UnsafeRawPointer, count: Int, at offset: Int) -> Int32 {
        change(.write, offset: offset, count: count) { offset in
            file.write(source, count: count, at: offset)
        }
    }

    func truncate(to size: Int) -> Int32 {
        change(.truncate, offset: size, count: 0) { _ in file.truncate(to: size) }
    }

    private func change(
        _ kind: DiskOperation.Kind, offset: Int, count: Int, _ body: (Int) -> Void
    ) -> Int32 {
        guard !isDead else { return SQLITE_IOERR }
        // A page number that rotted may be any.
        guard offset + count <= Self.sizeMost else { return SQLITE_FULL }
        switch disk.begin(kind, name, offset: offset, count: count, in: file) {
        case .failed(let code): return code
        case .works:
            body(offset)
            return SQLITE_OK
        case .astray(let other):
            body(other)
            return SQLITE_OK
        case .halfDone, .drops, .lies, .short:
            body(offset)
            return SQLITE_IOERR
        }
    }

    func sync() -> Int32 {
        guard !isDead else { return SQLITE_IOERR }
        switch disk.begin(.sync, name, in: file) {
        case .failed(let code): return code
        case .halfDone, .short, .astray: return SQLITE_IOERR
        case .drops:
            file.drop()
            return ResultCode.syncFailed
        case .lies:
            file.promise()
            if syncsDirectory { disk.promiseDirectory() }
            syncsDirectory = false
            return SQLITE_OK
        case .works:
            file.sync()
            if syncsDirectory { disk.syncDirectory() }
            syncsDirectory = false
            return SQLITE_OK
        }
    }

    func size() -> Int? { isDead || disk.isOut ? nil : file.size }

    // MARK: Locks of the file

    func lock(_ level: Int32) -> Int32 {
        guard !isDead else { return SQLITE_IOERR }
        guard level > lockLevel else { return SQLITE_OK }
        let others = file.openFiles.reduce(SQLITE_LOCK_NONE) { highest, other in
            other === self ? highest : max(highest, other.lockLevel)
        }
        switch level {
        case SQLITE_LOCK_SHARED where others >= SQLITE_LOCK_PENDING: return SQLITE_BUSY
        case SQLITE_LOCK_RESERVED where others >= SQLITE_LOCK_RESERVED: return SQLITE_BUSY
        case SQLITE_LOCK_EXCLUSIVE where others >= SQLITE_LOCK_RESERVED: return SQLITE_BUSY
        case SQLITE_LOCK_EXCLUSIVE where others >= SQLITE_LOCK_SHARED:
            lockLevel = SQLITE_LOCK_PENDING
            return SQLITE_BUSY
        default:
            lockLevel = level
            return SQLITE_OK
        }
    }

    func unlock(_ level: Int32) -> Int32 {
        lockLevel = min(lockLevel, level)
        return SQLITE_OK
    }

    var isReserved: Bool { file.openFiles.contains { $0.lockLevel >= SQLITE_LOCK_RESERVED } }

    // MARK: Shared memory

    func map(_ region: Int, size: Int, extending: Bool) -> UnsafeMutableRawPointer?? {
        guard !isDead else { return nil }
        if sharedMemory == nil {
            let memory = file.sharedMemory ?? SharedMemory()
            file.sharedMemory = memory
            memory.connections += 1
            sharedMemory = memory
        }
        return .some(sharedMemory?.region(region, size: size, extending: extending))
    }

    func lockShared(_ slots: Range<Int>, flags: Int32) -> Int32 {
        guard let sharedMemory, !isDead else { return SQLITE_IOERR }
        if flags & SQLITE_SHM_UNLOCK != 0 {
            sharedMemory.unlock(slots, &held)
            return SQLITE_OK
        }
        let exclusively = flags & SQLITE_SHM_EXCLUSIVE != 0
        return sharedMemory.lock(slots, exclusively: exclusively, &held)
            ? SQLITE_OK : SQLITE_BUSY
    }

    func unmap() {
        guard let memory = sharedMemory else { return }
        memory.unlock(0..<Int(SQLITE_SHM_NLOCK), &held)
        memory.connections -= 1
        if memory.connections == 0, file.sharedMemory === memory { file.sharedMemory = nil }
        sharedMemory = nil
    }
}

/// Result codes whose macros Swift does not import.
enum ResultCode {
    static let readFailed = SQLITE_IOERR | (1 << 8)
    static let shortRead = SQLITE_IOERR | (2 << 8)
    static let syncFailed = SQLITE_IOERR | (4 << 8)
    static let nothingToDelete = SQLITE_IOERR | (23 << 8)
}
