import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

/// The guide's own class is the judge: a Python program that knows nothing of us.
struct PythonTests {
    /// Reads lines, and answers each with what it found in it, written by the guide's class.
    private static let program = #"""
        import json, sys, time
        from dataclasses import dataclass
        from enum import Enum
        from typing import Any, Dict

        class MessageType(Enum):
            HEARTBEAT = "heartbeat"
            ELECTION = "election"
            SERVER_DISCOVERY = "server_discovery"
            DATA_REPLICATION = "data_replication"
            CREATE_JOIN = "create_join"
            CHAT = "chat"
            LEAVE = "leave"
            CLIENT_DISCOVERY = "client_discovery"
            ACK = "ack"
            NACK = "nack"
            SERVER_LIST = "server_list"

        @dataclass
        class Message:
            msg_type: MessageType
            sender_id: str
            data: Dict[str, Any]
            lamport_timestamp: int = 0
            created_at: float = None

            def __post_init__(self):
                if self.created_at is None:
                    self.created_at = time.time()

            def to_json(self) -> str:
                return json.dumps({
                    'msg_type': self.msg_type.value,
                    'sender_id': self.sender_id,
                    'data': self.data,
                    'lamport_timestamp': self.lamport_timestamp,
                    'created_at': self.created_at
                })

            @classmethod
            def from_json(cls, json_str: str) -> 'Message':
                data = json.loads(json_str)
                return cls(
                    msg_type=MessageType(data['msg_type']),
                    sender_id=data['sender_id'],
                    data=data['data'],
                    lamport_timestamp=data['lamport_timestamp'],
                    created_at=data['created_at']
                )

        def check(message):
            assert isinstance(message.sender_id, str)
            assert isinstance(message.data, dict)
            assert isinstance(message.lamport_timestamp, int)
            assert isinstance(message.created_at, float)

        for line in sys.stdin.buffer.read().decode('utf-8').splitlines():
            message = Message.from_json(line)
            check(message)
            for inner in message.data.get('messages', []):
                check(Message.from_json(json.dumps(inner)))
            print(message.to_json())
        """#

    static let python = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/python3" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// What the program writes when it reads these lines.
    private func answers(to lines: [UInt8]) throws -> [[UInt8]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "lines")
        try Data(lines).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        process.arguments = ["-c", Self.program]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let written = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](written).split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }

    @Test(.enabled(if: python != nil, "skipped: there is no python3 in PATH"))
    func `the guide's class reads every reply, and writes it as we read it`() throws {
        var generator = Generator(seed: 1)
        var messages: [Message] = []
        var lines: [UInt8] = []
        for _ in 0..<1_000 {
            messages.append(generator.reply())
            lines += messages.last.map { line($0) } ?? []
        }
        let answers = try answers(to: lines)
        #expect(answers.count == messages.count)
        for (answer, message) in zip(answers, messages) {
            #expect(try ClientCodec.decodeReply(answer) == message)
        }
    }

    @Test(.enabled(if: python != nil, "skipped: there is no python3 in PATH"))
    func `the guide's class writes requests that we understand`() throws {
        var generator = Generator(seed: 2)
        var messages: [Message] = []
        var lines: [UInt8] = []
        while messages.count < 1_000 {
            let message = generator.request()
            guard case .request(let request) = message.body, request.createdAt != nil else {
                continue
            }
            // The guide has no type for history.
            if case .history = request.body { continue }
            messages.append(message)
            lines += line(message)
        }
        let answers = try answers(to: lines)
        #expect(answers.count == messages.count)
        for (answer, message) in zip(answers, messages) {
            #expect(ClientCodec.decodeRequest(answer) == message)
        }
    }
}
