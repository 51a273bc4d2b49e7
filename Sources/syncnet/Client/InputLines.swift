import Foundation

/// The lines of standard input, as they come.
///
/// Not by `readLine`: while that waits, it holds the lock of the stream, and whoever flushes all
/// streams at the end would wait for a line that may never come.
enum InputLines {
    /// Of a longer line only so much is kept, which is more than any text may have.
    static let lineBytesMax = 1 << 20

    /// Gives each line without its end, until the input ends. What is no UTF-8 is replaced.
    static func forEach(_ body: (String) -> Void) {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            var start = 0
            while let end = buffer[start..<count].firstIndex(of: UInt8(ascii: "\n")) {
                rest += buffer[start..<end].prefix(lineBytesMax - rest.count)
                body(line(rest))
                rest.removeAll(keepingCapacity: true)
                start = end + 1
            }
            rest += buffer[start..<count].prefix(lineBytesMax - rest.count)
        }
        if !rest.isEmpty { body(line(rest)) }
    }

    private static func line(_ bytes: [UInt8]) -> String {
        let hasReturn = bytes.last == UInt8(ascii: "\r")
        return String(decoding: hasReturn ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
