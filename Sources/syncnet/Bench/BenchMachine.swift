import Foundation
import LoadGenerator

/// On what was measured.
struct BenchMachine: Codable, Equatable {
    var processors: Int
    var processor: String
    var system: String
    /// What it takes to overwrite 4 KiB of a file and have that on disk, in microseconds: the
    /// middle of half a second.
    var syncUs: Double

    var line: String {
        "\(processors) processors (\(processor)), \(system); 4 KiB written and synced in "
            + "\(ClusterRow.text(syncUs, 0)) us"
    }

    /// Looks at this machine, and at the disk on which the directory is.
    static func look(at directory: String) throws -> BenchMachine {
        BenchMachine(
            processors: ProcessInfo.processInfo.activeProcessorCount, processor: model(),
            system: kernel(), syncUs: try syncTime(in: directory))
    }

    private static func model() -> String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "of an unknown kind"
    }

    private static func kernel() -> String {
        ProcessInfo.processInfo.operatingSystemVersionString
    }

    /// Memory that looks like a disk would make every figure a lie.
    private static func demandDisk(_ directory: String) throws {
        let isInMemory = load_is_in_memory(directory)
        guard isInMemory >= 0 else {
            throw Failure("there is no directory \(directory) to put data into")
        }
        guard isInMemory == 0 else {
            throw Failure("\(directory) is in memory: say --data-dir with a directory on a disk")
        }
    }

    private static func syncTime(in directory: String) throws -> Double {
        try demandDisk(directory)
        let path = "\(directory)/syncnet-sync-\(getpid())"
        let file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard file >= 0 else { throw Failure("can't write to \(directory): errno \(errno)") }
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x78, count: 4_096)
        var times: [Double] = []
        guard write(file, page, page.count) == page.count, fsync(file) == 0 else {
            throw Failure("can't write to \(directory): errno \(errno)")
        }
        let end = ContinuousClock.now + .milliseconds(500)
        while ContinuousClock.now < end {
            let begin = ContinuousClock.now
            guard pwrite(file, page, page.count, 0) == page.count, fsync(file) == 0 else {
                throw Failure("can't write to \(directory): errno \(errno)")
            }
            times.append(begin.duration(to: .now) / .microseconds(1))
        }
        return Quantile.of(times, 0.5) ?? 0
    }
}
