import Foundation
import Logging
import SyncNetRuntime

/// A start on a full disk waits for room, as a server does that runs.
struct RoomAtStart {
    let directory: String
    let logger: Logger

    /// Does what has to be written before a server can run, as soon as there is room for it.
    func whenThere<Value>(_ prepare: () throws -> Value) async throws -> Value {
        while true {
            do {
                return try prepare()
            } catch {
                guard isFull else { throw error }
            }
            logger.critical(
                "the disk of \(directory) is full: starts as soon as there is room",
                metadata: ["needed": "\(DiskRoom.bytesNeeded >> 20) MiB"])
            repeat {
                try await Task.sleep(for: DiskRoom.pause)
            } while !DiskRoom.isThere(at: directory)
            logger.notice("there is room again: starting")
        }
    }

    private var isFull: Bool {
        var path = directory
        while !FileManager.default.fileExists(atPath: path), path.count > 1 {
            path = (path as NSString).deletingLastPathComponent
            if path.isEmpty { path = "." }
        }
        return DiskRoom.isFull(at: path)
    }
}
