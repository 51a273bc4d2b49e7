import NIOCore
import StateMachine
import SyncNetProtocol
import SyncNetWire
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    @Suite struct DoorTests {
        private func address(_ port: Int) throws -> SocketAddress {
            try SocketAddress(ipAddress: "127.0.0.1", port: port)
        }

        @Test func `a guest keeps its node until the table is full of newer ones`() throws {
            var guests = Guests(capacity: 2)
            let first = guests.node(of: try address(1))
            #expect(first.rank >= 1_000_000)
            #expect(guests.node(of: try address(1)) == first)
            let second = guests.node(of: try address(2))
            #expect(second != first)
            #expect(guests.address(of: first) == (try address(1)))
            let third = guests.node(of: try address(3))
            #expect(third == first)
            #expect(guests.address(of: first) == (try address(3)))
            #expect(guests.address(of: NodeID(3)) == nil)
            #expect(guests.address(of: NodeID(1_000_007)) == nil)
        }

        @Test func `a hello says who opens the stream, and of which cluster`() {
            let members = ["a", "b"].map { Member(id: Text($0), host: "h", port: 1) }
            let digest = PeerHello.digest(of: NodeID(0), NodeID(1), in: members)
            let hello = PeerHello(digest: digest, opener: NodeID(0x0102_0304))
            #expect(hello.encoded.count == PeerHello.bytes)
            #expect(PeerHello(hello.encoded) == hello)
            for place in 0..<5 {
                var changed = hello.encoded
                changed[place] ^= 1
                #expect(PeerHello(changed) == nil)
            }
            #expect(PeerHello(Array(hello.encoded.dropLast())) == nil)
            let former = PeerHello(digest: digest, opener: NodeID(1), version: .one)
            #expect(PeerHello(former.encoded) == former)
            #expect(former.encoded[4] == 1)
        }

        private func digest(_ list: [String]) -> UInt64 {
            PeerHello.digest(
                of: NodeID(0), NodeID(1),
                in: list.map { Member(id: Text($0), host: "h", port: 1) })
        }

        @Test func `other ids, another order or another split are another cluster`() {
            let lists = [["a", "b"], ["b", "a"], ["ab", ""], ["", "ab"], ["a", "c"]]
            #expect(Set(lists.map(digest)).count == lists.count)
        }

        @Test func `a server that is added at the end changes no stream between the others`() {
            #expect(digest(["a", "b"]) == digest(["a", "b", "c"]))
            #expect(digest(["a", "b"]) != digest(["c", "a", "b"]))
        }

        @Test func `what is dropped is told of the first, second, fourth time`() {
            var counters = Counters()
            let isTold = (0..<9).map { _ in counters.count(.unknownSource) }
            #expect(isTold == [true, true, false, true, false, false, false, true, false])
            #expect(counters[.unknownSource] == 9)
            #expect(counters[.refusedHello] == 0)
        }

        @Test(
            arguments: [
                ("localhost", 0x7F00_0001), ("127.255.255.255", 0x7FFF_FFFF),
                ("239.0.0.1", 0xEF00_0001),
            ] as [(String, UInt32)])
        func `an address is read as it is written`(text: String, bits: UInt32) {
            #expect(IPv4Address(text)?.bits == bits)
        }
    }
}
