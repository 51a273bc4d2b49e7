import Foundation
import GRDBSQLite
import StateMachine

/// All simulated disks of the process, and SQLite's way to them.
///
/// SQLite finds them as its default file system; whatever is not below `/sim/` goes on to the
/// one that was the default before. SQLite's random numbers belong to the process, so only
/// one simulation at a time may run in it.
package final class SimulatedDisks {
    private static let gate = NSLock()
    static let name = "syncnet-simulation"

    /// The file system that was the default before.
    let original: UnsafeMutablePointer<sqlite3_vfs>
    let methods: UnsafeMutablePointer<sqlite3_io_methods>
    private var disks: [SimulatedDisk] = []
    /// Never used twice: a store that outlives its simulation can't reach another's disk.
    private var nextNumber = 1
    private var generator = Generator(seed: 0)
    private var clock: sqlite3_int64 = 0

    private init(original: UnsafeMutablePointer<sqlite3_vfs>) {
        self.original = original
        methods = .allocate(capacity: 1)
        methods.initialize(to: SimulatedFiles.methods)
    }

    /// Runs a simulation while no other one runs in this process. All that SQLite draws comes
    /// from the seed. Disks made in `body` are gone afterwards.
    package static func exclusively<Result, Failure: Error>(
        seed: UInt64, _ body: (SimulatedDisks) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        gate.lock()
        defer { gate.unlock() }
        let disks = registered()
        disks.begin(seed: seed)
        defer { disks.end() }
        return try body(disks)
    }

    /// The one registered with SQLite; registered now if it was not.
    private static func registered() -> SimulatedDisks {
        _ = SQLiteConfiguration.makesRunsRepeat
        if let context = sqlite3_vfs_find(name)?.pointee.pAppData {
            return Unmanaged<SimulatedDisks>.fromOpaque(context).takeUnretainedValue()
        }
        guard let original = sqlite3_vfs_find(nil) else {
            preconditionFailure("SQLite has no file system")
        }
        let disks = SimulatedDisks(original: original)
        let context = Unmanaged.passRetained(disks).toOpaque()
        let code = sqlite3_vfs_register(SimulatedVFS.make(over: original, context: context), 1)
        precondition(code == SQLITE_OK, "sqlite3_vfs_register answered \(code)")
        return disks
    }

    private func begin(seed: UInt64) {
        generator = Generator(seed: seed)
        clock = 0
        // Makes SQLite forget its state and draw a new one from us.
        sqlite3_randomness(0, nil)
    }

    private func end() {
        for disk in disks { disk.retire() }
        disks = []
    }

    /// A disk with nothing on it.
    package func make() -> SimulatedDisk {
        let disk = SimulatedDisk(number: nextNumber)
        nextNumber += 1
        disks.append(disk)
        return disk
    }

    /// Takes a disk away for good, and gives its memory back.
    package func remove(_ disk: SimulatedDisk) {
        disk.retire()
        disks.removeAll { $0 === disk }
    }

    func disk(_ number: Int) -> SimulatedDisk? { disks.first { $0.number == number } }

    func fill(_ target: UnsafeMutableRawBufferPointer) {
        var word: UInt64 = 0
        for place in 0..<target.count {
            if place % 8 == 0 { word = generator.next() }
            target[place] = UInt8(truncatingIfNeeded: word)
            word &>>= 8
        }
    }

    /// Milliseconds since noon of the first Julian day; every look is one later, from the
    /// first moment of the year 2000.
    func time() -> sqlite3_int64 {
        clock += 1
        return 211_813_444_800_000 + clock
    }
}

/// A path below `/sim/`, taken apart.
struct SimulatedPath {
    var number: Int
    var name: String

    /// Nil for all paths of the real file system.
    init?(_ path: UnsafePointer<CChar>?) {
        let prefix: StaticString = "/sim/"
        guard let path, strncmp(path, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0 else {
            return nil
        }
        var cursor = path + prefix.utf8CodeUnitCount
        number = 0
        while cursor.pointee >= 48, cursor.pointee <= 57 {
            number = number * 10 + Int(cursor.pointee - 48)
            cursor += 1
        }
        if cursor.pointee == 47 { cursor += 1 }
        name = String(cString: cursor)
    }
}
