import Foundation
import Logging
import StateMachine
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import Synchronization
import Testing

/// A server that does as the test's script says, and remembers what it was told.
private struct Scripted: StateMachine {
    typealias Words = SyncNet
    let me = NodeID(0)
    let told: Told
    let script: @Sendable (Event<SyncNet>, inout Effects<SyncNet>) -> Void

    final class Told: Sendable {
        private let list = Mutex<[Event<SyncNet>]>([])
        var events: [Event<SyncNet>] { list.withLock { $0 } }
        func add(_ event: Event<SyncNet>) { list.withLock { $0.append(event) } }
    }

    mutating func handle(
        _ event: Event<SyncNet>, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        told.add(event)
        script(event, &effects)
    }
}

extension RuntimeSuite {
    @Suite struct WorldTests {
        private func start(
            _ cluster: TestCluster, on disk: MemoryDisk, told: Scripted.Told,
            backlog: Int = 1 << 27, logger: Logger? = nil,
            _ script: @escaping @Sendable (Event<SyncNet>, inout Effects<SyncNet>) -> Void
        ) async throws -> RunningServer {
            var quiet = Logger(label: "scripted")
            quiet.logLevel = .critical
            var settings = cluster.settings[0]
            settings.network.streamBacklogBytesMax = backlog
            return try await RunningServer.start(
                settings.checked(), logger: logger ?? quiet, storingIn: disk.opener,
                making: { _ in Scripted(told: told, script: script) })
        }

        @Test func `writes of one event are one commit, and those that wait become one`()
            async throws
        {
            let gate = MemoryDisk.Gate()
            let (disk, told) = (MemoryDisk(gate: gate), Scripted.Told())
            let server = try await start(TestCluster(of: 1), on: disk, told: told) {
                event, effects in
                switch event {
                case .started:
                    effects.append(.write(.ceiling(Stamp(1)), Ticket(1)))
                    effects.append(.write(.recovering(true), Ticket(2)))
                    effects.append(.arm(.sweep, within: .milliseconds(20)...(.milliseconds(20))))
                case .timer(.sweep):
                    for number in 3..<6 as Range<UInt64> {
                        effects.append(.write(.ceiling(Stamp(number)), Ticket(number)))
                    }
                    effects.append(.arm(.confirm, within: .milliseconds(1)...(.milliseconds(1))))
                case .timer(.confirm):
                    effects.append(.write(.ceiling(Stamp(9)), Ticket(6)))
                    let query = JournalQuery.entries(from: LogIndex(1), count: 1, bytes: 1)
                    effects.append(.fetch(query, Ticket(7)))
                    gate.open()
                default: break
                }
            }
            let answers = try await eventually("everything is answered") {
                let answers = told.events.compactMap { event -> UInt64? in
                    switch event {
                    case .written(let ticket), .fetched(_, let ticket): ticket.number
                    default: nil
                    }
                }
                return answers.count == 7 ? answers : nil
            }
            #expect(answers == [1, 2, 3, 4, 5, 6, 7])
            let calls = disk.calls.withLock { $0 }
            #expect(
                calls == [
                    MemoryDisk.Call(writes: 2), MemoryDisk.Call(writes: 4),
                    MemoryDisk.Call(writes: 0, isFetch: true),
                ])
            await server.stop()
            #expect(disk.isClosed.withLock { $0 })
        }

        @Test func `a full disk is told as an event, and a halt says why it ended`() async throws {
            let (disk, told) = (MemoryDisk(failsAfter: 0), Scripted.Told())
            let cluster = TestCluster(of: 1)
            let server = try await start(cluster, on: disk, told: told) { event, effects in
                switch event {
                case .started: effects.append(.write(.recovering(true), Ticket(1)))
                case .journalFailed(let failure):
                    effects.append(.output(.report(.journalFailed(failure))))
                    effects.append(.halt)
                default: break
                }
            }
            let reason = await withCheckedContinuation { done in
                server.whenEnded { done.resume(returning: $0) }
            }
            #expect(reason?.failure == .full)
            #expect(reason?.description.contains("is full: make room") == true)
            #expect(told.events.last == .journalFailed(.full))
            await server.stop()
        }

        @Test func `damage in old history ends a server that works, and it says what is wrong`()
            async throws
        {
            let (disk, told) = (MemoryDisk(damagedAfter: 3), Scripted.Told())
            let warnings = Warnings()
            let server = try await start(
                TestCluster(of: 1), on: disk, told: told, logger: warnings.logger()
            ) { event, effects in
                guard case .journalFailed(let failure) = event else { return }
                effects.append(.output(.report(.journalFailed(failure))))
                effects.append(.halt)
            }
            let reason = await withCheckedContinuation { done in
                server.whenEnded { done.resume(returning: $0) }
            }
            #expect(reason?.failure == .damaged)
            #expect(warnings.list.first == "entry 7 is another one")
            #expect(disk.steps.withLock { $0 } == 4)
            await server.stop()
        }

        @Test func `a client that reads nothing congests its stream, and drains it by reading`()
            async throws
        {
            let told = Scripted.Told()
            let cluster = TestCluster(of: 1)
            let page = HistoryPage(
                room: "r",
                messages: (0..<600).map {
                    RoomMessage(
                        room: "r", index: LogIndex($0), previous: .zero, stamp: .zero, sender: "a",
                        createdAt: 0, text: Text(String(repeating: "x", count: 16_000)))
                }, hasMore: false, members: nil)
            let server = try await start(cluster, on: MemoryDisk(), told: told) { event, effects in
                guard case .message(_, let stream) = event else { return }
                let reply = Message(stamp: .zero, body: .reply(.history(request: 1, page)))
                effects.append(.send(reply, on: stream))
            }
            let socket = try RawSocket.connected(to: cluster.addresses[0].port)
            socket.write("STATUS_REQUEST\n")
            _ = try await eventually("it is congested") {
                told.events.contains { if case .congested = $0 { true } else { false } }
                    ? true : nil
            }
            var count = 0
            while count < 600 * 16_000, let more = socket.read() { count += more.utf8.count }
            _ = try await eventually("it is drained") {
                told.events.contains { if case .drained = $0 { true } else { false } } ? true : nil
            }
            await server.stop()
        }

        @Test func `a machine hears of a client's coming, request and end, in that order`()
            async throws
        {
            let told = Scripted.Told()
            let cluster = TestCluster(of: 1)
            let server = try await start(cluster, on: MemoryDisk(), told: told) { event, effects in
                guard case .message(_, let stream) = event else { return }
                let reply = Message(stamp: .zero, body: .reply(.statusLine("yes")))
                effects.append(.send(reply, on: stream))
            }
            do {
                let socket = try RawSocket.connected(to: cluster.addresses[0].port)
                socket.write("STATUS_REQUEST\n")
                #expect(socket.read() == "yes\n")
            }
            // A stranger may knock at the port too: a test beside this one that has used it before.
            let words = try await eventually("the stream is closed") {
                let spoken = told.events.compactMap {
                    if case .message(_, let stream) = $0 { stream } else { nil }
                }
                let words = told.events.compactMap { event -> String? in
                    switch event {
                    case .started: return "started"
                    case .accepted(let stream, let peer):
                        guard spoken.contains(stream) else { return nil }
                        return peer.rank >= 1_024 ? "accepted" : "peer"
                    case .message: return "message"
                    case .closed(let stream): return spoken.contains(stream) ? "closed" : nil
                    default: return "other"
                    }
                }
                return words.last == "closed" ? words : nil
            }
            #expect(words == ["started", "accepted", "message", "closed"])
            await server.stop()
        }

        @Test func `a peer that is not there is refused at once`() async throws {
            let told = Scripted.Told()
            let cluster = TestCluster(of: 2)
            let server = try await start(cluster, on: MemoryDisk(), told: told) { event, effects in
                if case .started = event { effects.append(.open(NodeID(1))) }
            }
            let last = try await eventually("the opening fails") { told.events.dropFirst().last }
            #expect(last == .openFailed(NodeID(1), .refused))
            await server.stop()
        }

        @Test func `a client that asks on and reads nothing is cut off`() async throws {
            let told = Scripted.Told()
            let cluster = TestCluster(of: 1)
            let text = Text(String(repeating: "x", count: 1 << 20))
            let server = try await start(cluster, on: MemoryDisk(), told: told, backlog: 1 << 22) {
                guard case .message(_, let stream) = $0 else { return }
                for _ in 0..<20 {
                    let reply = Message(stamp: .zero, body: .reply(.statusLine(text)))
                    $1.append(.send(reply, on: stream))
                }
            }
            let socket = try RawSocket.connected(to: cluster.addresses[0].port)
            socket.write("STATUS_REQUEST\n")
            _ = try await eventually("it is cut off") {
                told.events.contains { if case .closed = $0 { true } else { false } } ? true : nil
            }
            withExtendedLifetime(socket) {}
            await server.stop()
        }
    }
}
