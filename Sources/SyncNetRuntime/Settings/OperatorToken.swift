import Foundation

/// The secret in a server's data directory: whoever reads it may make accounts by this server.
package enum OperatorToken {
    /// The name of the file.
    package static let fileName = "operator.token"

    private static let bytes = 32

    /// The token of a data directory, made where there is none; only its owner can read it.
    package static func readOrMake(in directory: String) throws -> String {
        let path = "\(directory)/\(fileName)"
        if let known = try read(path) { return known }
        var dice = SystemRandomNumberGenerator()
        let token = (0..<bytes).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &dice)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let isMade = FileManager.default.createFile(
            atPath: path, contents: Data((token + "\n").utf8),
            attributes: [.posixPermissions: 0o600])
        guard isMade else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
        return token
    }

    /// The token in a file; nil where there is no such file, or nothing of use in it.
    package static func read(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return token.utf8.count >= bytes ? token : nil
    }
}
