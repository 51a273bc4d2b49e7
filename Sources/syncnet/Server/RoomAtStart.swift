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
                guard DiskRoom.isFull(at: place) else { throw error }
            }
            logger.critical(
                "the disk of \(directory) is full: starts as soon as there is room",
                metadata: ["needed": "\(DiskRoom.bytesNeeded >> 20) MiB"])
            repeat {
                try await Task.sleep(for: DiskRoom.pause)
            } while DiskRoom.isFull(at: place) || !DiskRoom.isThere(at: place)
            logger.notice("there is room again: starting")
        }
    }

    /// The directory, or the one above in which it is to be made.
    private var place: String {
        var path = directory
        while !FileManager.default.fileExists(atPath: path), path.count > 1 {
            path = (path as NSString).deletingLastPathComponent
            if path.isEmpty { path = "." }
        }
        return path
    }
}
