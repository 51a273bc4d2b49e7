import Foundation
import Logging
import StateMachine
import SyncNetCertificates
import SyncNetClient
import SyncNetProtocol
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    /// Servers with certificates, and those who come without one, with another one, or slowly.
    @Suite(.timeLimit(.minutes(1))) struct TLSTests {
        private static let secret = ClusterSecret(Array("the secret of this cluster: 1234".utf8))
        private let authority: TestAuthority

        init() throws { authority = try TestAuthority() }

        private func connect(
            _ addresses: [ChatAddress], tls: ChatTLS?
        ) async throws -> ChatClient {
            try await ChatClient.connect(to: addresses, name: "ada", tls: tls)
        }

        /// What stands in a client's way, and that it is told so at once.
        private func trouble(_ addresses: [ChatAddress], tls: ChatTLS?) async throws -> TLSTrouble?
        {
            let begin = ContinuousClock.now
            do {
                let client = try await connect(addresses, tls: tls)
                await client.close()
                return nil
            } catch ChatError.insecure(_, let trouble) {
                #expect(begin.duration(to: .now) < .seconds(5))
                return trouble
            }
        }

        @Test(arguments: [true, false])
        func `servers with certificates elect, replicate and survive the leader's death`(
            hasSecret: Bool
        ) async throws {
            let cluster = try authority.cluster { $0.secret = hasSecret ? Self.secret : nil }
            try await cluster.run {
                let leader = try await cluster.leader()
                let client = try await connect(cluster.addresses, tls: cluster.trust)
                try await client.join("garden", after: 0)
                for number in 0..<20 { try await client.say("m\(number)", in: "garden") }
                await cluster.kill(leader)
                for number in 20..<40 { try await client.say("m\(number)", in: "garden") }
                try await cluster.start(leader)
                let own = try await connect([cluster.addresses[leader]], tls: cluster.trust)
                let page = try await own.history(of: "garden", isLinearizable: true)
                #expect(page.messages.map(\.text) == (0..<40).map { "m\($0)" })
                for place in 0..<3 {
                    for reason in [Counters.Reason.untrustedStream, .failedHandshake] {
                        #expect(try await cluster.counted(reason, at: place) == 0)
                    }
                }
                await own.close()
                await client.close()
            }
        }

        @Test func `a page of history that is larger than any buffer comes whole`() async throws {
            let cluster = try authority.cluster(of: 1)
            try await cluster.run {
                _ = try await cluster.leader()
                let client = try await connect(cluster.addresses, tls: cluster.trust)
                try await client.join("garden", after: 0)
                let text = String(repeating: "x", count: 16_000)
                for _ in 0..<100 { try await client.say(text, in: "garden") }
                let page = try await client.history(of: "garden", limit: 100)
                #expect(page.messages.count == 100)
                #expect(page.messages.allSatisfy { $0.text == text })
                await client.close()
            }
        }

        @Test func `who says that it will say no more still gets its answers`() async throws {
            let cluster = try authority.cluster(of: 1)
            try await cluster.run {
                let said = try await TLSCaller.call(
                    cluster.addresses[0].port, showing: nil,
                    saying: "STATUS_REQUEST\nSTATUS_REQUEST\n")
                #expect(said.split(separator: "\n").count == 2, "\(said)")
            }
        }

        @Test func `a client that trusts another authority is told so, and goes no further`()
            async throws
        {
            let other = try TestAuthority()
            let cluster = try authority.cluster(of: 2)
            try await cluster.run {
                let trust = try other.trust()
                #expect(try await trouble(cluster.addresses, tls: trust) == .untrusted)
                let answers = await StatusQuery.ask(
                    cluster.addresses, within: .seconds(10), tls: trust)
                #expect(answers.map(\.outcome) == [.insecure(.untrusted), .insecure(.untrusted)])
                #expect(try await cluster.counted(.failedHandshake) > 0)
                let token = String(repeating: "t", count: 64)
                await #expect(throws: ChatError.insecure(cluster.addresses[0], .untrusted)) {
                    try await OperatorQuery.ask(
                        cluster.addresses[0], token: token, .discovery(status: false), tls: trust)
                }
            }
        }

        @Test func `a certificate for another host is not taken`() async throws {
            let stranger = ServerConfig(
                serverID: "server1", host: "127.0.0.9", basePort: 8_000, ringPosition: 0)
            let pair = try authority.pair(for: stranger)
            let authorities = try String(
                contentsOfFile: authority.path("authority.crt"), encoding: .utf8)
            let tls = try ServerTLS(
                chain: pair.certificate, key: pair.key, authorities: authorities, expires: .now)
            let cluster = TestCluster(of: 1, logLevel: .critical) { $0.tls = tls }
            try await cluster.run {
                let trust = try authority.trust()
                #expect(try await trouble(cluster.addresses, tls: trust) == .wrongName)
                let numeric = ChatAddress(host: "127.0.0.1", port: cluster.addresses[0].port)
                #expect(try await trouble([numeric], tls: trust) == .wrongName)
            }
        }

        @Test func `who comes without TLS reads in one line that there has to be`() async throws {
            let cluster = try authority.cluster(of: 1)
            try await cluster.run {
                let line = try RawSocket.connected(to: cluster.addresses[0].port)
                line.write("STATUS_REQUEST\n")
                let said = line.readAll()
                #expect(said.contains(#""reason":"tls_required""#), "\(said)")
                #expect(said.split(separator: "\n").count == 1)
                #expect(try await trouble(cluster.addresses, tls: nil) == .required)
                let answers = await StatusQuery.ask(cluster.addresses, within: .seconds(10))
                #expect(answers.map(\.outcome) == [.insecure(.required)])
                #expect(try await cluster.counted(.mismatchedTLS) >= 3)
            }
        }

        @Test func `who comes with TLS to a server without it is told so at once`() async throws {
            let cluster = TestCluster(of: 1, logLevel: .critical)
            try await cluster.run {
                let trust = try authority.trust()
                #expect(try await trouble(cluster.addresses, tls: trust) == .notSpoken)
                let answers = await StatusQuery.ask(
                    cluster.addresses, within: .seconds(10), tls: trust)
                #expect(answers.map(\.outcome) == [.insecure(.notSpoken)])
                #expect(try await cluster.counted(.mismatchedTLS) >= 2)
            }
        }

        @Test func `a server that says nothing to a client with TLS keeps it no longer than asked`()
            async throws
        {
            let port = TestPorts.take()
            let silent = try RawSocket.listening(on: port)
            let address = ChatAddress(host: "localhost", port: port)
            let (trust, begin) = (try authority.trust(), ContinuousClock.now)
            await #expect(throws: ChatError.unreachable([address])) {
                try await ChatClient.connect(
                    to: [address], name: "ada", within: .seconds(1), tls: trust)
            }
            let answers = await StatusQuery.ask([address], within: .seconds(1), tls: trust)
            #expect(answers.count == 1)
            #expect(begin.duration(to: .now) < .seconds(5))
            withExtendedLifetime(silent) {}
        }

        @Test func `a server with certificates and one without don't hear each other`() async throws
        {
            let cluster = try authority.cluster(of: 2) { settings in
                settings.secret = Self.secret
                settings.timing = .lan
            }
            var plain = cluster.settings[1]
            plain.tls = nil
            let other = try await TestCluster.start(plain)
            do {
                try await cluster.start(0)
                _ = try await eventually("each counts the other") {
                    let its = try await other.counters()[.untrustedStream]
                    let ours = try await cluster.counted(.untrustedStream)
                    return its > 0 && ours > 0 ? true : nil
                }
            } catch {
                await other.stop()
                await cluster.stopAll()
                throw error
            }
            await other.stop()
            await cluster.stopAll()
        }

        @Test func `one server that can't be trusted is passed over`() async throws {
            let other = try TestAuthority()
            let (good, bad) = (try authority.cluster(of: 1), try other.cluster(of: 1))
            try await good.run {
                try await bad.run {
                    let both = bad.addresses + good.addresses
                    let trouble = try await trouble(both, tls: good.trust)
                    #expect(trouble == nil)
                }
            }
        }

        @Test(arguments: [[], [22, 3, 1, 2, 0]] as [[UInt8]])
        func `a handshake that does not end is ended, and counted`(begin: [UInt8]) async throws {
            let cluster = try authority.cluster(of: 1) { $0.network.firstLineSeconds = 1 }
            try await cluster.run {
                let client = try RawSocket.connected(to: cluster.addresses[0].port)
                let peer = try RawSocket.connected(to: cluster.settings[0].servers[0].electionPort)
                client.write(begin)
                peer.write(begin)
                #expect(client.readBytes() == nil)
                #expect(peer.readBytes() == nil)
                #expect(try await cluster.counted(.silentConnection) == 1)
                #expect(try await cluster.counted(.silentStream) == 1)
            }
        }

        @Test func `a server of another authority is not heard on any stream, and is counted`()
            async throws
        {
            let cluster = try authority.cluster {
                $0.secret = Self.secret
                $0.timing.death = .seconds(10)
            }
            try await cluster.run {
                let leader = try await cluster.leader()
                let place = (leader + 1) % 3
                await cluster.kill(place)
                var settings = cluster.settings[place]
                let other = try TestAuthority()
                settings.tls = try other.tls(for: settings.servers[place])
                let stray = try await TestCluster.start(settings)
                do {
                    _ = try await eventually("each counts the other") {
                        let its = try await stray.counters()[.untrustedStream]
                        let ours = try await cluster.counted(.untrustedStream, at: leader)
                        return its > 1 && ours > 1 ? true : nil
                    }
                } catch {
                    await stray.stop()
                    throw error
                }
                #expect(try await cluster.counted(.unauthenticated, at: leader) == 0)
                await stray.stop()
                #expect(try await cluster.leader() == leader)
                try await cluster.start(place)
                let client = try await connect([cluster.addresses[place]], tls: cluster.trust)
                try await client.join("garden", after: 0)
                await client.close()
            }
        }

        @Test func `the port for servers is closed to whom the authority does not know`()
            async throws
        {
            let cluster = try authority.cluster(of: 1)
            let other = try TestAuthority()
            var server = cluster.settings[0].servers[0]
            let foreign = try other.pair(for: server)
            server.host = "127.0.0.9"
            let elsewhere = try authority.pair(for: server)
            try await cluster.run {
                let port = server.electionPort
                for (count, pair) in [nil, foreign, elsewhere].enumerated() {
                    try await TLSCaller.call(port, showing: pair.map { ($0.certificate, $0.key) })
                    _ = try await eventually("caller \(count) is counted") {
                        try await cluster.counted(.untrustedStream) == UInt64(count + 1)
                            ? true : nil
                    }
                }
                #expect(try await cluster.counted(.refusedHello) == 0)
                let plain = try RawSocket.connected(to: port)
                plain.write("SYNC and so on, as if there were no TLS")
                plain.endWriting()
                _ = plain.readAll()
                #expect(try await cluster.counted(.untrustedStream) == 4)
            }
        }
    }
}
