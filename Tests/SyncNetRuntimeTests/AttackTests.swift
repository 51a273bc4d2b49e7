import Logging
import StateMachine
import SyncNetClient
import SyncNetProtocol
import SyncNetWire
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    /// Somebody without the secret, on the same machine, who may bind a dead server's ports.
    @Suite struct AttackTests {
        private static let secret = ClusterSecret(Array("the secret of this cluster: 1234".utf8))

        private func cluster(of size: Int = 3) -> TestCluster {
            TestCluster(of: size, logLevel: .critical) {
                $0.secret = Self.secret
                // A machine that stands still for a second makes nobody suspect anybody.
                $0.timing.death = .seconds(10)
            }
        }

        private func epoch(_ cluster: TestCluster) async -> Int {
            var epoch = 0
            for answer in await StatusQuery.ask(cluster.addresses, within: .seconds(10)) {
                if case .answered(_, let status?) = answer.outcome {
                    epoch = max(epoch, Int(status.epoch.number))
                }
            }
            return epoch
        }

        private func counted(
            _ reason: Counters.Reason, at place: Int, of cluster: TestCluster
        ) async throws -> UInt64 {
            try await cluster.server(place)?.counters()[reason] ?? 0
        }

        @Test(.timeLimit(.minutes(1)))
        func `servers with a secret elect, replicate and survive the leader's death`()
            async throws
        {
            let cluster = cluster()
            try await cluster.startAll()
            let leader = try await cluster.leader()
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            try await client.join("garden", after: 0)
            for number in 0..<20 { _ = try await client.say("m\(number)", in: "garden") }
            await cluster.kill(leader)
            for number in 20..<40 { _ = try await client.say("m\(number)", in: "garden") }
            try await cluster.start(leader)
            let page = try await client.history(of: "garden", isLinearizable: true)
            #expect(page.messages.map(\.text) == (0..<40).map { "m\($0)" })
            for place in 0..<3 {
                #expect(try await counted(.unauthenticated, at: place, of: cluster) == 0)
            }
            await client.close()
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `without the secret nobody fakes a heartbeat, starts an election or feeds a log`()
            async throws
        {
            let cluster = cluster()
            try await cluster.startAll()
            let leader = try await cluster.leader()
            let rank = (leader + 1) % 3
            await cluster.kill(rank)
            let epoch = await epoch(cluster)
            let servers = cluster.settings[0].servers
            let (victim, own) = (servers[leader], servers[rank])
            let heartbeats = try RawSocket.datagrams(on: own.heartbeatPort)
            let tokens = try RawSocket.datagrams(on: own.electionPort)
            let before = try await counted(.unauthenticated, at: leader, of: cluster)
            for round in 0..<20 as Range<UInt64> {
                let body = Body.roundOver(Epoch(1_000 + round))
                var bytes: [UInt8] = []
                PeerCodec.encode(Message(stamp: Stamp(5), body: body), into: &bytes)
                tokens.send(bytes, to: victim.electionPort)
                heartbeats.send(bytes, to: victim.heartbeatPort)
                var seal = DatagramSeal(
                    from: NodeID(UInt32(rank)), to: NodeID(UInt32(leader)), boot: 1 << 40,
                    number: 1 + round, heard: 0
                ).encoded
                seal += bytes + [UInt8](repeating: 0, count: 32)
                tokens.send(seal, to: victim.electionPort)
            }
            let stream = try RawSocket.connected(to: victim.electionPort)
            stream.write(Array("SYNC".utf8) + [UInt8](repeating: 2, count: 200))
            #expect(stream.readBytes() == nil)
            _ = try await eventually("everything is counted") {
                let now = try await counted(.unauthenticated, at: leader, of: cluster)
                return now >= before + 61 ? true : nil
            }
            #expect(try await cluster.leader() == leader)
            #expect(await self.epoch(cluster) == epoch)
            await cluster.stopAll()
        }

        /// What a member sends to where it believes the first server to be.
        private func record(_ cluster: TestCluster) async throws -> [[UInt8]] {
            var settings = cluster.settings[1]
            let place = TestPorts.take()
            settings.servers[0].basePort = place
            settings.servers[2].basePort = place + 2
            let ear = try RawSocket.datagrams(on: settings.servers[0].heartbeatPort)
            let member = try await TestCluster.start(settings)
            let recording = (0..<4).compactMap { _ in ear.readBytes() }
            await member.kill()
            return recording
        }

        @Test(.timeLimit(.minutes(1)))
        func `what was recorded from a member moves nothing`() async throws {
            let cluster = cluster()
            try await cluster.startAll()
            _ = try await cluster.leader()
            await cluster.kill(1)
            let recording = try await record(cluster)
            #expect(recording.count == 4)
            let leader = try await cluster.leader()
            let epoch = await epoch(cluster)
            let (victim, own) = (cluster.settings[0].servers[0], cluster.settings[0].servers[1])
            let before = try await counted(.staleDatagram, at: 0, of: cluster)
            let mouth = try RawSocket.datagrams(on: own.heartbeatPort)
            for bytes in recording + recording { mouth.send(bytes, to: victim.heartbeatPort) }
            _ = try await eventually("everything is counted") {
                let now = try await counted(.staleDatagram, at: 0, of: cluster)
                return now >= before + 8 ? true : nil
            }
            let secret = try #require(Self.secret)
            let hello = PeerHello(
                digest: PeerHello.digest(
                    of: NodeID(1), NodeID(0),
                    in: try cluster.settings[0].checked().configuration.members),
                opener: NodeID(1))
            let offer = OpenerHandshake(hello, to: NodeID(0), secret: secret).offer
            try await replay(offer, to: victim, of: cluster)
            #expect(try await cluster.leader() == leader)
            #expect(await self.epoch(cluster) == epoch)
            await cluster.stopAll()
        }

        private func replay(
            _ offer: [UInt8], to victim: ServerConfig, of cluster: TestCluster
        ) async throws {
            let before = try await counted(.unauthenticated, at: 0, of: cluster)
            let stream = try RawSocket.connected(to: victim.electionPort)
            stream.write(offer)
            // Dice and a code of them, but nothing of the cluster.
            #expect(stream.readBytes()?.count == 48)
            stream.write([UInt8](repeating: 1, count: 500))
            #expect(stream.readBytes() == nil)
            _ = try await eventually("the stream is counted") {
                let now = try await counted(.unauthenticated, at: 0, of: cluster)
                return now > before ? true : nil
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server with another secret is counted, and everybody goes on`() async throws {
            let cluster = cluster()
            try await cluster.startAll()
            let leader = try await cluster.leader()
            let place = (leader + 1) % 3
            await cluster.kill(place)
            var settings = cluster.settings[place]
            settings.secret = ClusterSecret(Array("another secret, by mistake: 1234".utf8))
            let stray = try await TestCluster.start(settings)
            for server in [stray, cluster.server(leader)] {
                _ = try await eventually("the other secret is counted") {
                    try await server?.counters()[.unauthenticated] ?? 0 > 3 ? true : nil
                }
            }
            #expect(try await cluster.leader() == leader)
            await stray.stop()
            try await cluster.start(place)
            let own = [cluster.addresses[place]]
            let client = try await ChatClient.connect(to: own, name: "ada")
            try await client.join("garden", after: 0)
            await client.close()
            await cluster.stopAll()
        }
    }
}
