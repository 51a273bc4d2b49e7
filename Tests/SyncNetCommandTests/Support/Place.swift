import Foundation

/// Where things are that the tests run.
enum Place {
    /// The package's directory.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The command as people run it: the release build, or what SYNCNET_COMMAND names.
    static let command: URL = {
        if let path = ProcessInfo.processInfo.environment["SYNCNET_COMMAND"] {
            return URL(fileURLWithPath: path)
        }
        return package.appendingPathComponent(".build/release/syncnet")
    }()

    /// Whether there is a command to test.
    static var isBuilt: Bool { FileManager.default.isExecutableFile(atPath: command.path) }

    /// The same, built for debugging.
    static let debugCommand = package.appendingPathComponent(".build/debug/syncnet")

    /// Whether both builds can be compared.
    static var isBuiltForDebugging: Bool {
        FileManager.default.isExecutableFile(atPath: debugCommand.path)
    }

    /// The example of the client library.
    static let bot = package.appendingPathComponent(".build/debug/echo-bot")
    static let botSource = package.appendingPathComponent("Sources/EchoBot/EchoBot.swift")
    static let clientPage = package.appendingPathComponent(
        "Sources/SyncNetClient/SyncNetClient.docc/SyncNetClient.md")

    /// Whether the example is built.
    static var hasBot: Bool { FileManager.default.isExecutableFile(atPath: bot.path) }

    /// A client that uses nothing of ours.
    static let plainClient = package.appendingPathComponent("Tests/PlainClient/plain_client.py")

    /// A server that loses and doubles on purpose.
    static let forgetfulServer = package.appendingPathComponent(
        "Tests/PlainClient/forgetful_server.py")

    /// The guide's own monitor, where the specification lies beside the package.
    static let statusCheck = package.deletingLastPathComponent()
        .appendingPathComponent("shared/spec/status_check.py")

    /// Whether the specification lies beside the package.
    static var hasStatusCheck: Bool {
        FileManager.default.fileExists(atPath: statusCheck.path)
    }

    /// A fresh directory.
    static func temporary() throws -> URL {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("syncnet-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
