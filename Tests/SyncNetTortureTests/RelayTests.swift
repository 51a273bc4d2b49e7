import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import SyncNetTorture

/// Two servers that are nothing but sockets, and the relay between them.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `The relay` {
    private static let map = RelayMap(
        hosts: ["127.0.0.1", "127.0.0.1"], doorHost: "127.0.0.1", basePort: 28_600)
    private static let heartbeat = 20
    private let there = Link(from: 0, to: 1)
    private let back = Link(from: 1, to: 0)

    /// Opens the relay and both servers' heartbeat ports.
    private func withServers(
        _ body: (Relay, Peer, Peer) async throws -> Void
    ) async throws {
        let relay = try await Relay.open(Self.map, seed: 1)
        let one = try await Peer.datagrams(Self.map.basePort(of: 0) + Self.heartbeat)
        let two = try await Peer.datagrams(Self.map.basePort(of: 1) + Self.heartbeat)
        do {
            try await body(relay, one, two)
        } catch {
            Issue.record(error)
        }
        for peer in [one, two] { await peer.close() }
        await relay.close()
    }

    private func door(_ link: Link) -> Int { Self.map.door(of: link) + Self.heartbeat }

    @Test func `passes datagrams, which come from where their sender is believed to be`()
        async throws
    {
        try await withServers { _, one, two in
            try await one.send("hello", to: door(there))
            #expect(try await two.heard(1) == ["hello from \(door(back))"])
            try await two.send("well", to: door(back))
            #expect(try await one.heard(1) == ["well from \(door(there))"])
        }
    }

    @Test func `cuts one way, and heals`() async throws {
        try await withServers { relay, one, two in
            try await relay.changed(to: [there: .cut])
            try await one.send("lost", to: door(there))
            try await two.send("well", to: door(back))
            #expect(try await one.heard(1).count == 1)
            for _ in 0..<500 where try await relay.tally.lost == 0 {
                try await Task.sleep(for: .milliseconds(10))
            }
            try await relay.changed(to: [:])
            try await one.send("hello", to: door(there))
            #expect(try await two.heard(1) == ["hello from \(door(back))"])
            #expect(try await relay.tally.lost == 1)
        }
    }

    @Test func `doubles, and delays`() async throws {
        try await withServers { relay, one, two in
            var weather = Weather.fair
            weather.doublePercent = 100
            weather.delay = 200_000...300_000
            try await relay.changed(to: [there: weather])
            let began = ContinuousClock.now
            try await one.send("hello", to: door(there))
            #expect(try await two.heard(2).count == 2)
            #expect(began.duration(to: .now) >= .milliseconds(200))
        }
    }

    @Test func `reorders datagrams that take different times`() async throws {
        try await withServers { relay, one, two in
            var weather = Weather.fair
            weather.delay = 0...100_000
            try await relay.changed(to: [there: weather])
            for number in 100..<150 { try await one.send("\(number)", to: door(there)) }
            let heard = try await two.heard(50)
            #expect(heard.count == 50)
            #expect(heard != heard.sorted())
        }
    }

    @Test func `holds a stream while it is cut, and gives all of it in order after that`()
        async throws
    {
        let relay = try await Relay.open(Self.map, seed: 1)
        let server = try await Peer.listening(Self.map.basePort(of: 1) + RelayMap.peerOffset)
        let client = try await Peer.connected(to: Self.map.door(of: there) + RelayMap.peerOffset)
        var slow = Weather.fair
        slow.delay = 0...20_000
        try await relay.changed(to: [there: slow])
        let text = (0..<2_000).map { "line \($0);" }.joined()
        for piece in stride(from: 0, to: text.utf8.count, by: 1_000) {
            if piece == 5_000 {
                try await server.heardBytes(100)
                try await relay.changed(to: [there: .cut])
            }
            try await client.write(Array(text.utf8.dropFirst(piece).prefix(1_000)))
        }
        try await Task.sleep(for: .milliseconds(200))
        #expect(server.text.utf8.count < text.utf8.count, "the rest waits")
        try await relay.changed(to: [:])
        try await server.heardBytes(text.utf8.count)
        #expect(server.text == text)
        relay.reset([there])
        try await client.ends()
        await server.close()
        await relay.close()
    }
}

extension Relay {
    /// Changes the weather, and waits until it has changed: a datagram that is there already when
    /// the relay wakes up goes before what it is told.
    fileprivate func changed(to weather: [Link: Weather]) async throws {
        change(to: weather)
        _ = try await tally
    }
}
