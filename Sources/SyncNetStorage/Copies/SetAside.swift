import Foundation

/// Gives a server's directory another name: nothing of it is lost.
package enum SetAside {
    /// Refused where a server uses it, or something has the new name already.
    package static func move(_ directory: String, to aside: String) throws(StorageError) {
        let files = StoreFiles(directory: directory)
        let lock = try DirectoryLock(files)
        defer { withExtendedLifetime(lock) {} }
        guard !FileManager.default.fileExists(atPath: aside) else {
            throw .cannotOpen("\(aside) is there already: try again in a second.")
        }
        try FileMove.move(files.directory, onto: aside)
    }
}
