import NIOCore
import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    @Suite struct HandshakeTests {
        private let secret: ClusterSecret
        private let other: ClusterSecret
        private let hello = PeerHello(digest: 7, opener: NodeID(1))

        init() throws {
            secret = try #require(ClusterSecret(Array(repeating: 1, count: 32)))
            other = try #require(ClusterSecret(Array(repeating: 2, count: 32)))
        }

        private func accept(_ offer: [UInt8]) -> AcceptorHandshake? {
            AcceptorHandshake(offer, to: NodeID(0), secret: secret)
        }

        private func frame(_ round: UInt64) -> [UInt8] {
            var bytes: [UInt8] = []
            PeerCodec.appendFrame(
                Message(stamp: Stamp(1), body: .roundOver(Epoch(round))), to: &bytes)
            return bytes
        }

        @Test func `both sides that know the secret get the same key`() throws {
            let opener = OpenerHandshake(hello, to: NodeID(0), secret: secret)
            let acceptor = try #require(accept(opener.offer))
            #expect(acceptor.hello == hello)
            var (proof, key) = try #require(opener.finish(acceptor.answer))
            var accepted = try #require(acceptor.finish(proof))
            #expect(key.mark(of: [1, 2]) == accepted.mark(of: [1, 2]))
        }

        @Test func `any changed bit of the beginning ends it`() throws {
            let opener = OpenerHandshake(hello, to: NodeID(0), secret: secret)
            for place in opener.offer.indices {
                var changed = opener.offer
                changed[place] ^= 1
                #expect(accept(changed) == nil)
            }
            let acceptor = try #require(accept(opener.offer))
            for place in acceptor.answer.indices {
                var changed = acceptor.answer
                changed[place] ^= 1
                #expect(opener.finish(changed) == nil)
            }
        }

        @Test func `another secret, another called server and a shorter offer are refused`() {
            let foreign = OpenerHandshake(hello, to: NodeID(0), secret: other)
            #expect(accept(foreign.offer) == nil)
            let elsewhere = OpenerHandshake(hello, to: NodeID(2), secret: secret)
            #expect(accept(elsewhere.offer) == nil)
            #expect(accept(Array(elsewhere.offer.dropLast())) == nil)
        }

        @Test func `a recorded beginning proves nothing a second time`() throws {
            let opener = OpenerHandshake(hello, to: NodeID(0), secret: secret)
            let first = try #require(accept(opener.offer))
            let recorded = try #require(opener.finish(first.answer)).proof
            #expect(first.finish(recorded) != nil)
            let second = try #require(accept(opener.offer))
            #expect(second.finish(recorded) == nil)
        }

        /// The frames that a receiver takes out of these bytes.
        private func frames(_ bytes: [UInt8], _ key: StreamKey) throws -> Int {
            var frames = SealedFrames(key, frameBytesMax: 1_000)
            var taken = 0
            for byte in bytes {
                var buffer = ByteBuffer(bytes: [byte])
                frames.feed(&buffer)
                while try frames.next({ _ in taken += 1 }) {}
            }
            return taken
        }

        @Test func `frames are taken in their order, and in no other`() throws {
            let key = StreamKey(secret.key(ofStream: [1]))
            var sender = key
            let sealed = (0..<3).map { round in
                let bytes = frame(UInt64(round))
                return bytes + sender.mark(of: bytes)
            }
            #expect(try frames(sealed.flatMap(\.self), key) == 3)
            #expect(throws: StreamForgery.self) { try frames(sealed[1], key) }
            #expect(throws: StreamForgery.self) { try frames(sealed[0] + sealed[0], key) }
            #expect(throws: StreamForgery.self) { try frames(sealed[0] + sealed[2], key) }
            let foreign = StreamKey(secret.key(ofStream: [2]))
            #expect(throws: StreamForgery.self) { try frames(sealed[0], foreign) }
            #expect(throws: StreamForgery.self) { try frames([0, 0, 0, 1], key) }
        }
    }
}
