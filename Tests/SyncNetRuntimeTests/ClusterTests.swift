import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import Synchronization
import Testing

/// Says to others when to stop.
private final class Switch: Sendable {
    private let state = Atomic(true)
    var isOn: Bool { state.load(ordering: .relaxed) }
    func turnOff() { state.store(false, ordering: .relaxed) }
}

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

        /// Says numbers until it is told to stop; what was acknowledged, in order.
        private func talk(
            _ client: ChatClient, in room: String, while isTalking: @escaping @Sendable () -> Bool
        ) async throws -> [String] {
            var said: [String] = []
            while isTalking() {
                let text = "\(room) \(said.count)"
                try await client.say(text, in: room)
                said.append(text)
            }
            return said
        }

        /// All messages of a room, page by page.
        private func all(of room: String, from client: ChatClient) async throws -> [String] {
            var (texts, last): ([String], UInt64) = ([], 0)
            while true {
                let page = try await client.history(
                    of: room, .after(last), limit: 100, isLinearizable: true)
                texts += page.messages.map(\.text)
                guard page.hasMore, let index = page.messages.last?.index else { return texts }
                last = index
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func `nothing is lost or doubled when leaders are killed while two clients write`()
            async throws
        {
            let cluster = TestCluster()
            try await cluster.startAll()
            _ = try await cluster.leader()
            let talking = Switch()
            let first = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            let second = try await ChatClient.connect(
                to: Array(cluster.addresses.reversed()), name: "bob")
            try await first.join("a", after: 0)
            try await second.join("b", after: 0)
            async let saidFirst = talk(first, in: "a") { talking.isOn }
            async let saidSecond = talk(second, in: "b") { talking.isOn }
            for _ in 0..<5 {
                let leader = try await cluster.leader()
                await cluster.kill(leader)
                _ = try await cluster.leader()
                try await cluster.start(leader)
                try await Task.sleep(for: .milliseconds(100))
            }
            talking.turnOff()
            let (firstTexts, secondTexts) = try await (saidFirst, saidSecond)
            #expect(firstTexts.count > 10 && secondTexts.count > 10)
            #expect(try await all(of: "a", from: second) == firstTexts)
            #expect(try await all(of: "b", from: first) == secondTexts)
            await first.close()
            await second.close()
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a rolling restart keeps the service, and every server rejoins`() async throws {
            let cluster = TestCluster()
            try await cluster.startAll()
            _ = try await cluster.leader()
            let talking = Switch()
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            try await client.join("a", after: 0)
            async let said = talk(client, in: "a") { talking.isOn }
            for place in 0..<3 {
                await cluster.stop(place)
                try await cluster.start(place)
                _ = try await cluster.leader()
            }
            talking.turnOff()
            let texts = try await said
            #expect(try await all(of: "a", from: client) == texts)
            for address in cluster.addresses {
                let own = try await ChatClient.connect(to: [address], name: "eve")
                #expect(try await all(of: "a", from: own) == texts)
                await own.close()
            }
            await client.close()
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `who knows one server learns the others`() async throws {
            let cluster = TestCluster()
            try await cluster.startAll()
            _ = try await cluster.leader()
            let client = try await ChatClient.connect(to: [cluster.addresses[1]], name: "ada")
            #expect(
                try await client.servers().map(\.id.string) == ["server1", "server2", "server3"])
            try await client.join("garden", after: 0)
            await cluster.kill(1)
            try await client.say("still here", in: "garden")
            await client.close()
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a client is told when nobody is there, and when it was closed`() async throws {
            let cluster = TestCluster(of: 1)
            await #expect(throws: ChatError.unreachable(cluster.addresses)) {
                try await ChatClient.connect(
                    to: cluster.addresses, name: "ada", within: .milliseconds(300))
            }
            await #expect(throws: ChatError.noServers) {
                try await ChatClient.connect(to: [], name: "ada")
            }
            try await cluster.start(0)
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            await client.close()
            await #expect(throws: ChatError.closed) { try await client.say("x", in: "y") }
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a refusal is an error that says why`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            let error = await #expect(throws: ChatError.self) {
                try await client.say("hello", in: "a room that nobody joined")
            }
            guard case .refused(.notJoined, _)? = error else {
                Issue.record("not refused so: \(String(describing: error))")
                return
            }
            await client.close()
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a status query asks all servers at once, and waits for none of the dead`()
            async throws
        {
            let cluster = TestCluster()
            try await cluster.start(0)
            try await cluster.start(2)
            let answers = await StatusQuery.ask(cluster.addresses, within: .seconds(10))
            #expect(answers.map(\.address) == cluster.addresses)
            guard case .silent = answers[1].outcome,
                case .answered(_, let status) = answers[0].outcome
            else {
                Issue.record("\(answers)")
                return
            }
            #expect(status?.id == "server1")
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `who knows no server finds the cluster by broadcast`() async throws {
            let cluster = TestCluster()
            try await cluster.start(1)
            let ports = cluster.addresses.map { $0.port + 10 }
            let servers = try await ClusterSearch.find(ports: ports)
            #expect(servers.map { Int($0.port) } == cluster.addresses.map(\.port))
            await cluster.stopAll()
            let none = try await ClusterSearch.find(ports: ports, within: .milliseconds(200))
            #expect(none == [])
        }
    }
}
