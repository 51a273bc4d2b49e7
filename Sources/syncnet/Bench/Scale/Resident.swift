import Foundation

/// Memory that a process has in RAM.
enum Resident {
    /// As the kernel counts it.
    static func bytes(of process: Int32) throws -> Int {
        let path = "/proc/\(process)/status"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let field = line?.split(separator: " ").dropFirst().first, let kibibytes = Int(field)
        else { throw Failure("\(path) does not tell how much memory a server has") }
        return kibibytes * 1_024
    }
}
