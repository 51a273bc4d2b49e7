import Foundation

/// Files that are written once, and never over others.
enum NewFile {
    /// Writes a file that is not there yet, for whom the mode says.
    static func write(_ text: String, to path: String, mode: Int) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw Failure("\(path) is there already: remove it, or choose another name")
            }
            throw Failure("can't write \(path): \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            unlink(path)
            throw Failure("can't write \(path): \(error.localizedDescription)")
        }
    }
}
