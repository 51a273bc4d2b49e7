import Foundation
import Logging
import SyncNetClient
import SyncNetProtocol
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    /// What strangers may ask of a server, and what it says when they ask for more.
    @Suite struct LimitTests {
        private func start(
            _ change: @escaping (inout NetworkSettings) -> Void
        ) async throws -> (TestCluster, Int) {
            let cluster = TestCluster(of: 1, logLevel: .critical) { change(&$0.network) }
            try await cluster.start(0)
            return (cluster, cluster.addresses[0].port)
        }

        private func counted(
            _ reason: Counters.Reason, _ cluster: TestCluster
        ) async throws -> UInt64 {
            try await cluster.server(0)?.counters()[reason] ?? 0
        }

        @Test func `an address has its connections and no more, until one ends`() async throws {
            let (cluster, port) = try await start { $0.connectionsPerAddress = 2 }
            let first = try RawSocket.connected(to: port)
            var second: RawSocket? = try RawSocket.connected(to: port)
            first.write("STATUS_REQUEST\n")
            second?.write("STATUS_REQUEST\n")
            #expect(first.read() != nil)
            #expect(second?.read() != nil)
            let third = try RawSocket.connected(to: port).readAll()
            #expect(third.contains(#""reason":"overloaded""#), "\(third)")
            #expect(try await counted(.crowdedAddress, cluster) == 1)
            second = nil
            _ = try await eventually("there is room again") {
                let next = try RawSocket.connected(to: port)
                next.write("STATUS_REQUEST\n")
                let text = next.read() ?? ""
                return text.isEmpty || text.contains("overloaded") ? nil : true
            }
            await cluster.stopAll()
        }

        @Test func `requests over the limit are refused, and the connection stays`() async throws {
            let (cluster, port) = try await start {
                $0.requestsPerSecond = 2
                $0.requestBurst = 3
            }
            let socket = try RawSocket.connected(to: port)
            for _ in 0..<10 { socket.write("STATUS_REQUEST\n") }
            socket.endWriting()
            let lines = socket.readAll().split(separator: "\n")
            #expect(lines.count == 10)
            let refused = lines.count { $0.contains(#""reason":"overloaded""#) }
            #expect((1...7).contains(refused))
            #expect(try await counted(.hastyRequest, cluster) == UInt64(refused))
            await cluster.stopAll()
        }

        @Test func `who says no first line is told so and let go`() async throws {
            let (cluster, port) = try await start { $0.firstLineSeconds = 1 }
            let said = try RawSocket.connected(to: port).readAll()
            #expect(said.contains(#""reason":"bad_request""#), "\(said)")
            #expect(said.contains("no first line within 1 s"))
            #expect(try await counted(.silentConnection, cluster) == 1)
            await cluster.stopAll()
        }

        @Test func `a line has to end in its time`() async throws {
            let (cluster, port) = try await start { $0.lineSeconds = 1 }
            let socket = try RawSocket.connected(to: port)
            socket.write("STATUS_REQUEST\nSTATUS_")
            let said = socket.readAll()
            #expect(said.contains("a line did not end within 1 s"), "\(said)")
            await cluster.stopAll()
        }

        @Test func `a silent connection is let go where that is set, and only there`()
            async throws
        {
            let (cluster, port) = try await start { $0.idleSeconds = 1 }
            let socket = try RawSocket.connected(to: port)
            socket.write("STATUS_REQUEST\n")
            #expect(socket.readAll().split(separator: "\n").count == 1)
            #expect(try await counted(.silentConnection, cluster) == 1)
            await cluster.stopAll()
            #expect(NetworkSettings().idleSeconds == 0)
        }

        @Test func `callers of the port for servers who say nothing don't pile up`() async throws {
            let (cluster, _) = try await start { $0.unprovenStreams = 2 }
            let port = cluster.settings[0].servers[0].electionPort
            let silent = try (0..<2).map { _ in try RawSocket.connected(to: port) }
            let third = try RawSocket.connected(to: port)
            #expect(third.read() == nil)
            #expect(try await counted(.crowdedStreams, cluster) == 1)
            // They are let go, too, and make room.
            for socket in silent { #expect(socket.read() == nil) }
            await cluster.stopAll()
        }

        @Test func `rooms and their members have a number`() async throws {
            let cluster = TestCluster(of: 1, logLevel: .critical) {
                $0.limits.rooms = 2
                $0.limits.roomMembers = 1
            }
            try await cluster.start(0)
            _ = try await cluster.leader()
            let socket = try RawSocket.connected(to: cluster.addresses[0].port)
            func ask(_ name: String, _ room: String) -> String? {
                socket.write(
                    #"{"msg_type":"create_join","sender_id":"\#(name)","data":{"room":"\#(room)"},"#
                        + #""lamport_timestamp":0,"created_at":0}"# + "\n")
                return socket.read()
            }
            for room in ["a", "b"] { #expect(ask("ada", room)?.contains(#""ack""#) == true) }
            #expect(ask("ada", "c")?.contains(#""reason":"too_large""#) == true)
            #expect(ask("bob", "a")?.contains("1 members already") == true)
            #expect(ask("ada", "a")?.contains(#""ack""#) == true)
            await cluster.stopAll()
        }

        @Test func `the budget of requests has its pace and its burst`() {
            var budget = RequestBudget(perSecond: 10, burst: 3)
            var taken = 0
            for _ in 0..<10 where budget.take(at: 5_000_000_000) { taken += 1 }
            #expect(taken == 3)
            #expect(budget.take(at: 5_099_000_000) == false)
            #expect(budget.take(at: 5_100_000_000) == true)
            #expect(budget.take(at: 5_100_000_001) == false)
            taken = 0
            for number in 0..<1_000 as Range<UInt64>
            where budget.take(at: 6_000_000_000 + number * 10_000_000) { taken += 1 }
            #expect((100...103).contains(taken))
        }
    }
}
