import Foundation
import GRDBSQLite

/// SQLite's view of the file system: opens, deletes and looks for files.
enum SimulatedVFS {
    /// A file system that knows the simulated disks and leaves all else to `original`.
    static func make(
        over original: UnsafeMutablePointer<sqlite3_vfs>, context: UnsafeMutableRawPointer
    ) -> UnsafeMutablePointer<sqlite3_vfs> {
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        // Loading of extensions and sleeping stay the original's: other stores of this
        // process may wait for a lock, and those of a simulation never do.
        vfs.initialize(to: original.pointee)
        vfs.pointee.iVersion = 2
        vfs.pointee.pNext = nil
        vfs.pointee.zName = UnsafePointer(strdup(SimulatedDisks.name))
        vfs.pointee.pAppData = context
        vfs.pointee.szOsFile = max(
            original.pointee.szOsFile, Int32(MemoryLayout<SimulatedFiles.Handle>.size))
        vfs.pointee.xOpen = { vfs, path, file, flags, outFlags in
            SimulatedVFS.open(vfs, path, file, flags, outFlags)
        }
        vfs.pointee.xDelete = { vfs, path, syncs in SimulatedVFS.delete(vfs, path, syncs) }
        vfs.pointee.xAccess = { vfs, path, flags, result in
            SimulatedVFS.access(vfs, path, flags, result)
        }
        vfs.pointee.xFullPathname = { vfs, path, count, target in
            SimulatedVFS.fullPath(vfs, path, count, target)
        }
        vfs.pointee.xRandomness = { vfs, count, target in
            SimulatedVFS.disks(vfs)?.fill(
                UnsafeMutableRawBufferPointer(start: target, count: Int(count)))
            return count
        }
        vfs.pointee.xCurrentTime = { vfs, result in
            result?.pointee = Double(SimulatedVFS.disks(vfs)?.time() ?? 0) / 86_400_000
            return SQLITE_OK
        }
        vfs.pointee.xCurrentTimeInt64 = { vfs, result in
            result?.pointee = SimulatedVFS.disks(vfs)?.time() ?? 0
            return SQLITE_OK
        }
        vfs.pointee.xGetLastError = { _, _, _ in 0 }
        return vfs
    }

    private static func disks(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> SimulatedDisks? {
        guard let context = vfs?.pointee.pAppData else { return nil }
        return Unmanaged<SimulatedDisks>.fromOpaque(context).takeUnretainedValue()
    }

    private static func open(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let disks = disks(vfs), let file else { return SQLITE_MISUSE }
        guard let place = SimulatedPath(path) else {
            return disks.original.pointee.xOpen(disks.original, path, file, flags, outFlags)
        }
        file.pointee.pMethods = nil
        guard let disk = disks.disk(place.number), !disk.isOut else { return SQLITE_CANTOPEN }
        if disk.file(place.name) == nil {
            guard flags & SQLITE_OPEN_CREATE != 0 else { return SQLITE_CANTOPEN }
            let verdict = disk.begin(.create, place.name)
            if case .failed(let code) = verdict { return code }
            let created = disk.create(place.name)
            guard case .works = verdict else { return SQLITE_IOERR }
            return attach(created)
        }
        guard let found = disk.file(place.name) else { return SQLITE_CANTOPEN }
        return attach(found)

        func attach(_ content: DiskFile) -> Int32 {
            let journals =
                SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL
            // As SQLite's Unix layer does it: whether the file was there or not.
            let open = OpenFile(
                disk: disk, file: content, name: place.name,
                syncsDirectory: flags & SQLITE_OPEN_CREATE != 0 && flags & journals != 0)
            SimulatedFiles.attach(open, to: file, methods: disks.methods)
            outFlags?.pointee = flags
            return SQLITE_OK
        }
    }

    private static func delete(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?, _ syncs: Int32
    ) -> Int32 {
        guard let disks = disks(vfs) else { return SQLITE_MISUSE }
        guard let place = SimulatedPath(path) else {
            return disks.original.pointee.xDelete(disks.original, path, syncs)
        }
        guard let disk = disks.disk(place.number), !disk.isOut else { return SQLITE_IOERR }
        guard disk.file(place.name) != nil else { return ResultCode.nothingToDelete }
        switch disk.begin(.delete, place.name) {
        case .failed(let code): return code
        case .halfDone:
            disk.delete(place.name)
            return SQLITE_IOERR
        case .works, .drops, .lies, .short, .astray:
            disk.delete(place.name)
            guard syncs != 0 else { return SQLITE_OK }
            if disk.ailment?.lies == true { disk.promiseDirectory() } else { disk.syncDirectory() }
            return SQLITE_OK
        }
    }

    /// As on Unix, a file without a byte in it does not exist.
    private static func access(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?,
        _ flags: Int32, _ result: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let disks = disks(vfs) else { return SQLITE_MISUSE }
        guard let place = SimulatedPath(path) else {
            return disks.original.pointee.xAccess(disks.original, path, flags, result)
        }
        guard let disk = disks.disk(place.number), !disk.isOut else { return SQLITE_IOERR }
        result?.pointee = (disk.file(place.name)?.size ?? 0) > 0 ? 1 : 0
        return SQLITE_OK
    }

    private static func fullPath(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?,
        _ count: Int32, _ target: UnsafeMutablePointer<CChar>?
    ) -> Int32 {
        guard let disks = disks(vfs), let path, let target else { return SQLITE_MISUSE }
        guard SimulatedPath(path) != nil else {
            return disks.original.pointee.xFullPathname(disks.original, path, count, target)
        }
        let length = strlen(path)
        guard length < Int(count) else { return SQLITE_CANTOPEN }
        target.update(from: path, count: length + 1)
        return SQLITE_OK
    }
}
