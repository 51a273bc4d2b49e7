import StateMachine
import Testing

@testable import SyncNetProtocol

struct FaultPointTests {
    @Test func `points that are off are never hit`() {
        var points = FaultPoints.none
        let hits = (0..<1_000).count { _ in points.hits(.all) }
        #expect(hits == 0)
        var others = FaultPoints(.tinyBatches, oneIn: 1, salt: 1)
        let isHit = (others.hits(.stepDowns), others.hits(.tinyBatches))
        #expect(isHit == (false, true))
    }

    @Test func `a point is hit about once in its period, and seldom ones far less`() {
        var points = FaultPoints(.all, oneIn: 8, salt: 3)
        let hits = (0..<8_000).count { _ in points.hits(.tinyBatches) }
        #expect((800...1_200).contains(hits))
        let seldom = (0..<8_000).count { _ in points.seldomHits(.stepDowns) }
        #expect((5...70).contains(seldom))
    }

    @Test func `the same salt and start draw the same, others something else`() {
        func drawn(_ salt: UInt64, boot: UInt64) -> [Bool] {
            var points = FaultPoints(.all, oneIn: 2, salt: salt)
            points.begin(boot: boot)
            return (0..<64).map { _ in points.hits(.fullBuffers) }
        }
        #expect(drawn(1, boot: 1) == drawn(1, boot: 1))
        #expect(drawn(1, boot: 1) != drawn(2, boot: 1))
        #expect(drawn(1, boot: 1) != drawn(1, boot: 2))
    }

    @Test(arguments: 0..<FaultPoints.Kinds.count)
    func `a cluster with a point elects, commits and answers all the same`(bit: Int) {
        let kind = FaultPoints.Kinds(rawValue: 1 << UInt32(bit))
        let points = FaultPoints(kind, oneIn: 3, salt: 11)
        var network = TestNetwork(count: 3, faultPoints: points)
        for node in 0..<3 { network.start(node) }
        network.run(for: .seconds(20))
        #expect(network.leaders.count == 1)
        let stream = network.connectClient(to: 1)
        for number in UInt64(1)...20 {
            let body: ClientRequestBody =
                number == 1
                ? .createJoin(room: "r", after: nil) : .chat(room: "r", text: "hello")
            network.request(
                ClientRequest(
                    sender: "a", createdAt: 1, session: "s", request: number, body: body),
                to: 1, on: stream)
            network.run(for: .seconds(3))
        }
        let answered = network.replies.count { reply in
            if case .done = reply.reply { true } else { false }
        }
        let refused = network.replies.count { reply in
            if case .nack = reply.reply { true } else { false }
        }
        #expect(answered + refused >= 20)
        if kind != .refusedRequests { #expect(answered == 20) }
    }
}

struct PlantedBugTests {
    @Test func `every bug has an id and a bit of its own`() {
        var all: PlantedBugs = []
        var ids: [String] = []
        for (id, bug) in PlantedBugs.catalogue {
            #expect(bug != [])
            #expect(all.isDisjoint(with: bug), "\(id) shares a bit")
            #expect(!ids.contains(id), "\(id) stands there twice")
            all.formUnion(bug)
            ids.append(id)
        }
        #expect(ids.count >= 65)
    }
}
