import Foundation

/// A file system in memory that can be filled.
struct SmallDisk {
    private let directory: String
    private var ballast: String { directory + "/ballast" }

    /// Mounts one of so many MiB.
    init(_ directory: String, mebibytes: Int) throws {
        self.directory = directory
        try Tool.demand([
            "mount", "-t", "tmpfs", "-o", "size=\(mebibytes)m", "syncnet-torture", directory,
        ])
    }

    /// Until nothing more fits.
    func fill() {
        let file = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        for size in [1 << 20, 1 << 12] {
            let block = [UInt8](repeating: 7, count: size)
            while write(file, block, size) == size {}
        }
    }

    func makeRoom() { unlink(ballast) }
}
