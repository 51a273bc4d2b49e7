import Foundation
import Logging
import NIOCore
import NIOPosix
import StateMachine
import SyncNetProtocol
import Synchronization
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    /// A disk for records that fails or hangs: the record ends, and nothing else.
    @Suite struct RecordingTests {
        /// Events as large as a client can make them.
        private func event(_ number: UInt64) -> Event<SyncNet> {
            let request = ClientRequest(
                sender: "ada", createdAt: 0, session: nil, request: number,
                body: .chat(room: "den", text: Text(utf8: [UInt8](repeating: 120, count: 16_000))))
            return .message(Message(stamp: .zero, body: .request(request)), on: StreamID(1))
        }

        /// Records so many events into a file, and hands over what was warned of meanwhile.
        private func record(
            _ count: UInt64, into file: RecordFile, until isOver: @escaping ([String]) -> Bool
        ) async throws -> [String] {
            let warnings = Warnings()
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let settings = try ServerSettings().checked()
            let event = event
            let recording = try await loop.submit {
                let own = Recording(in: file, of: settings, on: loop, logger: warnings.logger())
                for number in 1...count {
                    let now = ClockReading(
                        monotonic: Instant(nanoseconds: number), wall: WallTime(microseconds: 0))
                    own.take(event(number), at: now, leadingTo: [])
                }
                return NIOLoopBound(own, eventLoop: loop)
            }.get()
            _ = try await eventually("the recording stops") {
                isOver(warnings.list) ? true : nil
            }
            // What comes later is taken, and goes nowhere.
            try await loop.submit {
                let now = ClockReading(monotonic: .zero, wall: WallTime(microseconds: 0))
                recording.value.take(event(1), at: now, leadingTo: [])
            }.get()
            return warnings.list
        }

        @Test(.timeLimit(.minutes(1)))
        func `a full disk ends the record with one warning, which says that the server goes on`()
            async throws
        {
            let full = open("/dev/full", O_WRONLY)
            try #require(full >= 0)
            let file = RecordFile(path: "/dev/full", descriptor: full, bytesMax: 1 << 30)
            let warnings = try await record(20, into: file) { !$0.isEmpty }
            #expect(
                warnings == [
                    "recording stops, the server goes on: /dev/full: No space left on device"
                ])
        }

        @Test(.timeLimit(.minutes(1)))
        func `a disk that hangs costs the record, and no more memory than its limit`() async throws
        {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            signal(SIGPIPE, SIG_IGN)
            defer { close(ends[0]) }
            // Nobody reads: the first write fills the pipe, and waits.
            let file = RecordFile(path: "pipe", descriptor: ends[1], bytesMax: 1 << 40)
            let warnings = try await record(5_000, into: file) { !$0.isEmpty }
            #expect(
                warnings == [
                    "recording stops, the server goes on: the disk does not take it"
                ])
        }
    }
}
