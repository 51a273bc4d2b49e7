import Foundation
import Logging
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import SyncNetStorage
import Synchronization
import Testing

extension RuntimeSuite {
    /// What a program sees that uses nothing of ours.
    @Suite struct PlainClientTests {
        private func status(_ port: Int) throws -> String? {
            let socket = try RawSocket.connected(to: port)
            socket.write("STATUS_REQUEST\n")
            return socket.read()
        }

        @Test func `one server of three says leader, in one read`() async throws {
            let cluster = TestCluster()
            try await cluster.startAll()
            for place in 0..<3 {
                _ = try await eventually("server \(place) says what it is") {
                    let leader = try await cluster.leader()
                    let text = try #require(try self.status(cluster.addresses[place].port))
                    #expect(text.hasSuffix("\n"))
                    #expect(text.utf8.count <= 1_024)
                    return text.lowercased().contains("leader") == (place == leader) ? true : nil
                }
            }
            await cluster.stopAll()
        }

        @Test func `the status is told while the disk is still read`() async throws {
            let cluster = TestCluster(of: 1)
            let settings = cluster.settings[0]
            let open = ServerStore.opener(directory: settings.dataPath)
            let hasAsked = Mutex(false)
            async let server = RunningServer.start(
                settings.checked(), logger: Logger(label: "slow"),
                storingIn: {
                    let end = ContinuousClock.now + .seconds(20)
                    while !hasAsked.withLock({ $0 }), ContinuousClock.now < end {
                        Thread.sleep(forTimeInterval: 0.01)
                    }
                    return try open()
                }, making: { Server($0) })
            let port = cluster.addresses[0].port
            let text = try await eventually("the port is bound") { try? self.status(port) }
            #expect(text == "RECOVERING epoch=0 commit=0 applied=0\n")
            let socket = try RawSocket.connected(to: port)
            socket.write(#"{"msg_type":"client_discovery","sender_id":"x","data":{"request":7},"#)
            socket.write(#""lamport_timestamp":0,"created_at":0}"# + "\n")
            let nack = try #require(socket.read())
            #expect(nack.contains(#""reason":"unavailable""#))
            #expect(nack.contains(#""request":7"#))
            hasAsked.withLock { $0 = true }
            try await server.stop()
        }

        @Test func `who says no more still gets the answers`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            _ = try await cluster.leader()
            let socket = try RawSocket.connected(to: cluster.addresses[0].port)
            socket.write(envelope("create_join", #"{"request":1,"room":"r"}"#))
            socket.write(envelope("chat", #"{"request":2,"room":"r","text":"hi"}"#))
            socket.endWriting()
            let lines = socket.readAll().split(separator: "\n")
            #expect(lines.count { $0.contains(#""msg_type":"ack""#) } == 2)
            await cluster.stopAll()
        }

        @Test func `a line without sense gets a nack and the connection stays`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            _ = try await cluster.leader()
            let socket = try RawSocket.connected(to: cluster.addresses[0].port)
            socket.write("what?\n")
            #expect(socket.read()?.contains(#""reason":"bad_request""#) == true)
            socket.write("STATUS_REQUEST\n")
            #expect(socket.read()?.hasPrefix("LEADER ") == true)
            await cluster.stopAll()
        }

        @Test func `a line over the limit gets a nack and the connection ends`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            _ = try await cluster.leader()
            let socket = try RawSocket.connected(to: cluster.addresses[0].port)
            socket.write(String(repeating: "x", count: 200_000))
            socket.write("\n")
            #expect(socket.readAll().contains(#""reason":"too_large""#))
            await cluster.stopAll()
        }

        @Test(.timeLimit(.minutes(1)))
        func `a monitor is answered within a second while many clients write`() async throws {
            let cluster = TestCluster(timing: .guide)
            try await cluster.startAll()
            let leader = try await cluster.leader()
            let addresses = cluster.addresses
            let writers = Task {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let client = try await ChatClient.connect(
                                to: [addresses[number % 3]], name: "writer\(number)")
                            try await client.join("room")
                            while !Task.isCancelled { try await client.say("more", in: "room") }
                            await client.close()
                        }
                    }
                    try await group.waitForAll()
                }
            }
            var (unsure, late) = (0, 0)
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(50))
                let (text, took) = try timed { try status(addresses[leader].port) }
                if text?.contains("LEADER") != true { unsure += 1 }
                if took >= .seconds(1) { late += 1 }
            }
            // The machine may stand still twice; a server that is slow is so more often.
            #expect(unsure <= 2 && late <= 2, "\(unsure) unsure, \(late) late")
            writers.cancel()
            _ = await writers.result
            await cluster.stopAll()
        }

        private func timed<Value>(_ body: () throws -> Value) rethrows -> (Value, Duration) {
            let clock = ContinuousClock()
            let start = clock.now
            let value = try body()
            return (value, clock.now - start)
        }

        @Test func `a discovery datagram is answered with the servers`() async throws {
            let cluster = TestCluster()
            try await cluster.startAll()
            _ = try await cluster.leader()
            let base = cluster.addresses[0].port
            let socket = try RawSocket.datagrams(on: base + 49)
            socket.send(envelope("client_discovery", #"{"request":3}"#), to: base + 10)
            let answer = try #require(socket.read())
            #expect(answer.contains(#""msg_type":"server_list""#))
            #expect(answer.contains(#""request":3"#))
            for port in cluster.addresses.map(\.port) { #expect(answer.contains("\(port)")) }
            await cluster.stopAll()
        }

        @Test func `committed chat goes out by multicast`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            _ = try await cluster.leader()
            let base = cluster.addresses[0].port
            let listener = try RawSocket.group("239.0.0.1", on: base + 40)
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            try await client.join("garden")
            try await client.say("to whom it may concern", in: "garden")
            let text = try #require(listener.read())
            #expect(text.contains("to whom it may concern"))
            #expect(text.contains(#""msg_type":"chat""#))
            await client.close()
            await cluster.stopAll()
        }

        @Test(arguments: [0, 1_400])
        func `a burst goes out by multicast, as many lines in a datagram as may`(
            _ packBytes: Int
        ) async throws {
            let cluster = TestCluster(of: 1) { $0.network.multicastPackBytes = packBytes }
            try await cluster.start(0)
            _ = try await cluster.leader()
            let base = cluster.addresses[0].port
            let listener = try RawSocket.group("239.0.0.1", on: base + 40)
            let stream = try RawSocket.connected(to: base)
            let long = String(repeating: "long ", count: 400)
            let texts = (1...30).map { "word \($0)" } + [long]
            // In one write, so that the server meets them in one tick.
            stream.write(
                envelope("create_join", #"{"room":"garden"}"#)
                    + texts.map { envelope("chat", #"{"room":"garden","text":"\#($0)"}"#) }
                    .joined())
            var datagrams: [String] = []
            while datagrams.joined().split(separator: "\n").count(where: { $0.contains("chat\"") })
                < texts.count
            {
                datagrams.append(try #require(listener.read()))
            }
            let chat = datagrams.filter { $0.contains(#""msg_type":"chat""#) }
            for datagram in chat {
                let lines = datagram.split(separator: "\n")
                #expect(datagram.hasSuffix("\n"))
                let bytesMost = packBytes == 0 ? 0 : 10_240
                #expect(lines.count == 1 || datagram.utf8.count <= bytesMost, "\(datagram)")
            }
            #expect(packBytes == 0 ? chat.count == texts.count : chat.count < texts.count / 2)
            for text in texts { #expect(chat.joined().contains("\"\(text)\"")) }
            await cluster.stopAll()
        }

        @Test func `strangers on the ports for servers are dropped and counted`() async throws {
            let cluster = TestCluster(of: 1)
            try await cluster.start(0)
            let base = cluster.addresses[0].port
            let socket = try RawSocket.datagrams(on: base + 49)
            for offset in [10, 20, 30] { socket.send("nonsense", to: base + offset) }
            socket.send("{}", to: base + 10)
            let stream = try RawSocket.connected(to: base + 30)
            stream.write(String(repeating: "?", count: 17))
            #expect(stream.read() == nil)
            let counters = try await eventually("all are counted") {
                let counters = try await cluster.server(0)?.counters()
                let isAll = counters?[.unknownSource] == 3 && counters?[.refusedHello] == 1
                return isAll && counters?[.undecodableDatagram] == 1 ? counters : nil
            }
            #expect(counters[.misplacedDatagram] == 0)
            await cluster.stopAll()
        }

        private func envelope(_ type: String, _ data: String) -> String {
            #"{"msg_type":"\#(type)","sender_id":"plain","data":\#(data),"#
                + #""lamport_timestamp":1,"created_at":1.5}"# + "\n"
        }
    }
}
