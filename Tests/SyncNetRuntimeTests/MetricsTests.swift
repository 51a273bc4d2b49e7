import Foundation
import Logging
import ServiceLifecycle
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage
import Synchronization
import Testing

extension RuntimeSuite {
    /// What monitors are told over HTTP.
    @Suite struct MetricsTests {
        /// A server of a cluster of one, or of one whose others are away, with its door.
        private struct Watched {
            let cluster: TestCluster
            let port: Int
            private let group: ServiceGroup
            private let running: Task<Void, any Error>

            init(
                of size: Int = 1, opener: StoreOpener? = nil,
                record: RecordSettings? = nil,
                hasRoom: @escaping @Sendable (String) -> Bool = { _ in true }
            ) throws {
                cluster = TestCluster(of: size, timing: size == 1 ? .guide : .lan)
                var settings = cluster.settings[0]
                port = settings.servers[0].basePort + 5
                settings.httpPort = port
                settings.record = record
                let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
                let runner = try ServerRunner(
                    settings, logger: quiet,
                    storingIn: opener ?? ServerStore.opener(directory: settings.dataPath),
                    making: { Server($0) }, hasRoom: hasRoom)
                let group = ServiceGroup(services: [runner], logger: quiet)
                self.group = group
                running = Task { try await group.run() }
            }

            func stop() async throws {
                await group.triggerGracefulShutdown()
                try await running.value
            }

            /// Sends bytes and reads to the end; nil where nobody listens.
            func ask(_ bytes: String) -> String? {
                guard let socket = try? RawSocket.connected(to: port) else { return nil }
                socket.write(bytes)
                return socket.readAll()
            }

            func get(_ path: String) -> (code: Int, body: String)? {
                guard let text = ask("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n"),
                    let code = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
                    let end = text.range(of: "\r\n\r\n")
                else { return nil }
                return (code, String(text[end.upperBound...]))
            }

            func becomes(_ code: Int, at path: String) async throws -> String {
                while true {
                    if let answer = get(path), answer.code == code { return answer.body }
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server that records is measured like any other`() async throws {
            let folder = FileManager.default.temporaryDirectory
                .appending(component: "syncnet-measured-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let watched = try Watched(record: RecordSettings(directory: folder.path))
            #expect(try await watched.becomes(200, at: "/ready") == "ready\n")
            let page = try PrometheusText(try #require(watched.get("/metrics")).body)
            #expect(page["syncnet_role{role=\"leading\"}"] == 1)
            try await watched.stop()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a scraper reads what a server has done`() async throws {
            let watched = try Watched()
            #expect(try await watched.becomes(200, at: "/ready") == "ready\n")
            #expect(watched.get("/health")?.body == "alive\n")
            let client = try await ChatClient.connect(to: watched.cluster.addresses, name: "ada")
            try await client.join("garden")
            for number in 1...5 { try await client.say("line \(number)", in: "garden") }
            _ = try? await client.say("nobody hears", in: "another room")
            let page = try PrometheusText(try #require(watched.get("/metrics")).body)
            await client.close()
            #expect(page["syncnet_info{server=\"server1\"}"] == 1)
            #expect(page["syncnet_ready"] == 1)
            #expect(page["syncnet_role{role=\"leading\"}"] == 1)
            #expect(page["syncnet_role{role=\"following\"}"] == 0)
            #expect(page["syncnet_epoch"] == 1)
            #expect(page["syncnet_acknowledged_writes_total"] == 6)
            #expect(page["syncnet_elections_won_total"] == 1)
            #expect(page["syncnet_clients"] == 1)
            #expect(page["syncnet_subscriptions"] == 1)
            #expect(page["syncnet_sessions"] == 1)
            #expect(page["syncnet_refused_requests_total{reason=\"not_joined\"}"] == 1)
            let commit = try #require(page["syncnet_commit_index"])
            #expect(commit >= 7 && page["syncnet_applied_index"] == commit)
            #expect(page["syncnet_log_index"] == commit)
            #expect(try #require(page["syncnet_disk_commit_seconds_count"]) >= 6)
            #expect(try #require(page["syncnet_disk_commit_seconds_sum"]) > 0)
            #expect(page["syncnet_dropped_at_door_total{reason=\"unknown_source\"}"] == 0)
            #expect(try #require(page["syncnet_sent_packets_total{carrier=\"chat\"}"]) >= 5)
            for carrier in ["chat", "clients"] {
                #expect(
                    try #require(page["syncnet_sent_bytes_total{carrier=\"\(carrier)\"}"]) > 500)
            }
            let received = page["syncnet_received_bytes_total{carrier=\"clients\"}"]
            #expect(try #require(received) > 500)
            try await watched.stop()
            #expect(watched.get("/health") == nil, "the door is closed")
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server without its cluster is alive and not ready`() async throws {
            let watched = try Watched(of: 3)
            #expect(try await watched.becomes(200, at: "/health").hasPrefix("alive"))
            _ = try await watched.becomes(200, at: "/metrics")
            while watched.get("/ready")?.body != "recovers\n" {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(watched.get("/ready")?.code == 503)
            try await watched.stop()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a follower knows its leader, and a leader how far the others are`() async throws {
            let watched = try Watched(of: 3)
            try await watched.cluster.start(1)
            try await watched.cluster.start(2)
            _ = try await watched.becomes(200, at: "/ready")
            let page = try PrometheusText(try await watched.becomes(200, at: "/metrics"))
            for peer in ["server2", "server3"] {
                #expect(page["syncnet_peer_alive{peer=\"\(peer)\"}"] == 1)
                #expect(try #require(page["syncnet_peer_lag_entries{peer=\"\(peer)\"}"]) <= 1)
                #expect(page["syncnet_peer_silence_seconds{peer=\"\(peer)\"}"] != nil)
            }
            let received = page["syncnet_received_bytes_total{carrier=\"replication\"}"]
            #expect(try #require(received) > 0)
            await watched.cluster.stop(1)
            await watched.cluster.stop(2)
            _ = try await watched.becomes(503, at: "/ready")
            try await watched.stop()
        }

        @Test(.timeLimit(.minutes(1)))
        func `while the disk is full a server is alive, and says why it is not ready`()
            async throws
        {
            let full = MemoryDisk(failsAfter: 0)
            let watched = try Watched(opener: full.opener, hasRoom: { _ in false })
            while watched.get("/ready")?.body != "the disk is full\n" {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(watched.get("/health")?.code == 200)
            #expect(watched.get("/metrics")?.code == 503)
            try await watched.stop()
        }

        @Test(.timeLimit(.minutes(1)))
        func `bad questions get short answers`() async throws {
            let watched = try Watched()
            _ = try await watched.becomes(200, at: "/ready")
            #expect(watched.get("/")?.code == 404)
            #expect(watched.get("/metrics?name=x")?.code == 200)
            let post = watched.ask("POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(post?.hasPrefix("HTTP/1.1 405 ") == true)
            let body = watched.ask(
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\nx")
            #expect(body?.hasPrefix("HTTP/1.1 413 ") == true)
            let head = watched.ask("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(head?.hasPrefix("HTTP/1.1 200 ") == true)
            #expect(head?.hasSuffix("\r\n\r\n") == true, "no body")
            for nonsense in ["what is this?\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
                let answer = watched.ask(nonsense)
                #expect(answer == "" || answer?.hasPrefix("HTTP/1.1 400 ") == true)
            }
            let long = String(repeating: "x", count: 20_000)
            let large = watched.ask("GET / HTTP/1.1\r\nHost: x\r\nLong: \(long)\r\n\r\n")
            #expect(large?.contains(" 200 ") == false)
            #expect(watched.get("/health")?.code == 200, "it goes on")
            try await watched.stop()
        }

        @Test(.timeLimit(.minutes(1)))
        func `silent guests are few, and are sent away`() async throws {
            let watched = try Watched()
            _ = try await watched.becomes(200, at: "/ready")
            let began = ContinuousClock.now
            var silent: [RawSocket] = []
            // Until one more is closed without a word. Those of before may still count.
            repeat {
                silent.append(try RawSocket.connected(to: watched.port))
                silent[silent.count - 1].write("GET /met")
            } while watched.ask("GET /health HTTP/1.1\r\nHost: x\r\n\r\n") != ""
            #expect((14...18).contains(silent.count), "\(silent.count)")
            #expect(silent[0].readAll() == "", "closed after five seconds")
            #expect(began.duration(to: .now) < .seconds(12))
            #expect(try await watched.becomes(200, at: "/health") == "alive\n")
            try await watched.stop()
        }
    }
}
