import Foundation
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    @Suite struct PortTests {
        /// What starting a server says that can't bind its ports.
        private func refusal(of settings: ServerSettings) async -> String {
            do {
                let server = try await TestCluster.start(settings)
                await server.stop()
                return "none"
            } catch {
                return "\(error)"
            }
        }

        @Test func `a server binds its five ports in order`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            let base = cluster.settings[0].servers[0].basePort
            let ports = try #require(try await cluster.server(0)?.ports())
            let plain = ports.filter { $0.kind == .tcp || $0.kind == .udp }
            #expect(
                plain.map(\.number)
                    == [base, base + 30, base + 10, base + 20, base + 30, base + 40])
            #expect(plain.map(\.kind) == [.tcp, .tcp, .udp, .udp, .udp, .udp])
            await cluster.stopAll()
        }

        @Test func `a client port in use is named with its purpose`() async throws {
            let settings = TestCluster(of: 1).settings[0]
            let base = settings.servers[0].basePort
            let other = try RawSocket.listening(on: base)
            let text = await refusal(of: settings)
            #expect(
                text == "port \(base) (clients, TCP) on 127.0.0.1 is already in use: "
                    + "stop the other program or choose another base port")
            withExtendedLifetime(other) {}
        }

        @Test(arguments: [
            (10, "discovery"), (20, "heartbeats"), (30, "election and replication"),
            (40, "multicast chat"),
        ])
        func `a datagram port in use is named with its purpose`(
            offset: Int, name: String
        ) async throws {
            let settings = TestCluster(of: 1).settings[0]
            let port = settings.servers[0].basePort + offset
            var other: RawSocket? = try RawSocket.datagrams(on: port)
            let text = await refusal(of: settings)
            #expect(text.hasPrefix("port \(port) (\(name), UDP) on 127.0.0.1 is already in use"))
            withExtendedLifetime(other) { other = nil }
            #expect(await refusal(of: settings) == "none", "nothing stays bound behind")
        }

        @Test func `a second server on the same ports fails at the first of them`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            var second = cluster.settings[0]
            second.dataDirectory = (second.dataDirectory ?? "") + "-second"
            let text = await refusal(of: second)
            #expect(text.contains("(clients, TCP) on 127.0.0.1 is already in use"))
            await cluster.stopAll()
        }

        @Test(.disabled(if: getuid() == 0, "this user may bind every port"))
        func `a port that needs permission is refused so`() async throws {
            var settings = TestCluster(of: 1).settings[0]
            settings.servers[0].basePort = 700
            #expect(await refusal(of: settings).contains("permission denied"))
        }

        @Test func `an address of another machine is refused so`() throws {
            let address = try #require(IPv4Address("192.0.2.1"))
            let port = BoundPort(
                purpose: .discovery, kind: .udp, address: address, number: 21_990)
            let error = #expect(throws: (any Error).self) { try DatagramSocket.bound(to: port) }
            let described = PortError(try #require(error), binding: port).description
            #expect(
                described == "port 21990 (discovery, UDP) on 192.0.2.1 can't be bound, since that "
                    + "is no address of this machine: change the host of this server")
        }

        @Test func `two servers on one data directory are told apart`() async throws {
            let cluster = TestCluster(of: 2)
            try await cluster.start(0)
            var second = cluster.settings[1]
            second.dataDirectory = cluster.settings[0].dataDirectory
            #expect(await refusal(of: second) != "none")
            await cluster.stopAll()
        }
    }
}
