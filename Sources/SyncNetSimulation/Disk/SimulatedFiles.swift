import GRDBSQLite

/// SQLite's view of an open file.
enum SimulatedFiles {
    /// What SQLite reserves memory for: its own part, and our object.
    struct Handle {
        var base: sqlite3_file
        var open: Unmanaged<OpenFile>?
    }

    static func attach(
        _ open: OpenFile, to file: UnsafeMutablePointer<sqlite3_file>,
        methods: UnsafeMutablePointer<sqlite3_io_methods>
    ) {
        let handle = UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self)
        handle.pointee.open = Unmanaged.passRetained(open)
        handle.pointee.base.pMethods = UnsafePointer(methods)
    }

    private static func open(_ file: UnsafeMutablePointer<sqlite3_file>?) -> OpenFile? {
        guard let file else { return nil }
        return UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self)
            .pointee.open?.takeUnretainedValue()
    }

    private static func close(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        guard let file else { return SQLITE_MISUSE }
        let handle = UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self)
        handle.pointee.open?.takeUnretainedValue().close()
        handle.pointee.open?.release()
        handle.pointee.open = nil
        return SQLITE_OK
    }

    static var methods: sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 2
        methods.xClose = { SimulatedFiles.close($0) }
        setBytes(&methods)
        setLocks(&methods)
        setSharedMemory(&methods)
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        // As SQLite's Unix layer has it: a torn write leaves the bytes beside it alone.
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        return methods
    }

    private static func setBytes(_ methods: inout sqlite3_io_methods) {
        methods.xRead = { file, target, count, offset in
            guard let target else { return SQLITE_MISUSE }
            return SimulatedFiles.open(file)?.read(target, count: Int(count), at: Int(offset))
                ?? SQLITE_MISUSE
        }
        methods.xWrite = { file, source, count, offset in
            guard let source else { return SQLITE_MISUSE }
            return SimulatedFiles.open(file)?.write(source, count: Int(count), at: Int(offset))
                ?? SQLITE_MISUSE
        }
        methods.xTruncate = { file, size in
            SimulatedFiles.open(file)?.truncate(to: Int(size)) ?? SQLITE_MISUSE
        }
        methods.xSync = { file, _ in SimulatedFiles.open(file)?.sync() ?? SQLITE_MISUSE }
        methods.xFileSize = { file, size in
            guard let bytes = SimulatedFiles.open(file)?.size() else { return SQLITE_IOERR }
            size?.pointee = sqlite3_int64(bytes)
            return SQLITE_OK
        }
    }

    private static func setLocks(_ methods: inout sqlite3_io_methods) {
        methods.xLock = { file, level in
            SimulatedFiles.open(file)?.lock(level) ?? SQLITE_MISUSE
        }
        methods.xUnlock = { file, level in
            SimulatedFiles.open(file)?.unlock(level) ?? SQLITE_MISUSE
        }
        methods.xCheckReservedLock = { file, result in
            result?.pointee = SimulatedFiles.open(file)?.isReserved == true ? 1 : 0
            return SQLITE_OK
        }
    }

    private static func setSharedMemory(_ methods: inout sqlite3_io_methods) {
        methods.xShmMap = { file, region, size, extends, target in
            guard
                let memory = SimulatedFiles.open(file)?.map(
                    Int(region), size: Int(size), extending: extends != 0)
            else { return SQLITE_IOERR }
            target?.pointee = memory
            return SQLITE_OK
        }
        methods.xShmLock = { file, first, count, flags in
            SimulatedFiles.open(file)?.lockShared(
                Int(first)..<Int(first + count), flags: flags) ?? SQLITE_MISUSE
        }
        methods.xShmBarrier = { _ in }
        methods.xShmUnmap = { file, _ in
            SimulatedFiles.open(file)?.unmap()
            return SQLITE_OK
        }
    }
}
