import ArgumentParser
import Foundation
import SyncNetProtocol
import SyncNetWire

/// The envelopes of the client protocol alone.
struct TryMessages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "Write a request as its JSON envelope and read it back, or read a given line.")

    @Argument(help: "A line as a client might send it.")
    var line: String?

    func run() throws {
        guard let line else { return Self.showEveryRequest() }
        Terminal.print(Self.words(for: ClientCodec.decodeRequest(Array(line.utf8))))
    }

    private static func showEveryRequest() {
        let bodies: [ClientRequestBody] = [
            .createJoin(room: "den", after: nil), .chat(room: "den", text: "hello"),
            .history(HistoryRequest(room: "den", limit: 10)), .leave(room: "den"),
            .discovery(status: false),
        ]
        for (number, body) in bodies.enumerated() {
            let request = ClientRequest(
                sender: "alice", createdAt: 1_700_000_000.5, session: "s",
                request: UInt64(number + 1), body: body)
            let message = Message(stamp: Stamp(UInt64(number + 1)), body: .request(request))
            var bytes: [UInt8] = []
            ClientCodec.encode(
                message, sender: request.sender, createdAt: request.createdAt ?? 0, into: &bytes)
            let read = ClientCodec.decodeRequest(bytes.dropLast())
            Terminal.write(String(decoding: bytes, as: UTF8.self), to: .standardOutput)
            if read != message { Terminal.print("read back as \(read)") }
        }
        Terminal.print("\(bodies.count) requests written and read back")
    }

    private static func words(for message: Message) -> String {
        guard case .request(let request) = message.body else { return "no request" }
        if case .invalid(let reason, let detail, _) = request.body {
            return "refused: \(reason.word): \(detail.string)"
        }
        return "a request of \(request.sender.string), stamp \(message.stamp.number)"
    }
}
