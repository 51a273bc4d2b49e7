import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import Testing

extension RuntimeSuite {
    @Suite struct ClusterTests {
        @Test(.timeLimit(.minutes(1)))
        func `three servers elect a leader, serve a client, and survive the leader's death`()
            async throws
        {
            let cluster = TestCluster()
            try await cluster.startAll()
            let leader = try await cluster.leader()
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            try await client.join("garden", after: 0)
            var said: [UInt64] = []
            for number in 0..<20 { said.append(try await client.say("m\(number)", in: "garden")) }
            await cluster.kill(leader)
            for number in 20..<40 { said.append(try await client.say("m\(number)", in: "garden")) }
            let page = try await client.history(of: "garden", isLinearizable: true)
            #expect(page.messages.map(\.text) == (0..<40).map { "m\($0)" })
            #expect(page.messages.map(\.index) == said)
            var shown: [String] = []
            for await message in client.messages {
                shown.append(message.text)
                if shown.count == 40 { break }
            }
            #expect(shown == (0..<40).map { "m\($0)" })
            #expect(try await client.members(of: "garden") == ["ada"])
            await client.close()
            await cluster.stopAll()
        }
    }
}
