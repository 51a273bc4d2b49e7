import DeterministicSimulation
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of linearizability` {
    private let ada = Story.client(0)
    private let bob = Story.client(1)
    private let hall: Text = "hall"

    private func message(_ index: UInt64, previous: UInt64 = 0) -> RoomMessage {
        RoomMessage(
            room: hall, index: LogIndex(index), previous: LogIndex(previous),
            stamp: Stamp(index), sender: "ada", createdAt: 1, text: Text("\(index)"))
    }

    private func page(_ indexes: [UInt64], more: Bool = false) -> HistoryPage {
        HistoryPage(
            room: hall, messages: indexes.map { message($0) }, hasMore: more, members: nil)
    }

    private func reads(
        _ histories: inout RoomHistories, _ order: UInt64, _ indexes: [UInt64],
        request: HistoryRequest? = nil, more: Bool = false
    ) {
        var asked = request ?? HistoryRequest(room: hall)
        asked.isLinearizable = true
        histories.reads(bob, order, room: 0, asked)
        let page = page(indexes, more: more)
        for index in indexes { _ = histories.saw(room: 0, index, index) }
        histories.page(bob, order, page)
    }

    /// Ada's words at 5 were acknowledged, those at 9 are on their way.
    private var said: RoomHistories {
        var histories = RoomHistories()
        histories.said(ada, 1, room: 0, 5)
        _ = histories.done(ada, 1, at: LogIndex(5))
        histories.said(ada, 2, room: 0, 9)
        return histories
    }

    @Test func `lets a read show what is on its way, or not`() {
        for indexes in [[5], [5, 9]] as [[UInt64]] {
            var histories = said
            reads(&histories, 1, indexes)
            _ = histories.done(ada, 2, at: LogIndex(9))
            #expect(histories.verdict() == nil)
            #expect(histories.judged == 3)
        }
    }

    @Test func `sees a read without what was acknowledged before it`() {
        var histories = said
        reads(&histories, 1, [])
        #expect(histories.verdict()?.property == .linearizability)
        histories = said
        _ = histories.done(ada, 2, at: LogIndex(9))
        reads(&histories, 1, [5])
        #expect(histories.verdict()?.property == .linearizability)
    }

    @Test func `sees a read that takes back what an earlier one showed`() {
        var histories = said
        reads(&histories, 1, [5, 9])
        reads(&histories, 2, [5])
        #expect(histories.verdict()?.property == .linearizability)
    }

    @Test func `leaves words open for ever whose outcome nobody knows`() {
        var histories = said
        histories.refused(ada, 2, .unknownOutcome)
        reads(&histories, 1, [5])
        reads(&histories, 2, [5, 9])
        #expect(histories.verdict() == nil)
        reads(&histories, 3, [5])
        #expect(histories.verdict()?.property == .linearizability)
    }

    @Test func `sees words that were refused and stand there`() {
        var histories = said
        histories.refused(ada, 2, .overloaded)
        reads(&histories, 1, [5, 9])
        #expect(histories.verdict()?.property == .linearizability)
    }

    @Test func `sees words that stand before others which were acknowledged earlier`() {
        var histories = RoomHistories()
        histories.said(ada, 1, room: 0, 5)
        _ = histories.done(ada, 1, at: LogIndex(5))
        histories.said(bob, 2, room: 0, 3)
        _ = histories.done(bob, 2, at: LogIndex(3))
        #expect(histories.verdict()?.property == .linearizability)
    }

    @Test func `sees one message at two places and two at one`() {
        var histories = said
        #expect(histories.saw(room: 0, 7, 5)?.property == .linearizability)
        histories = said
        _ = histories.saw(room: 0, 9, 77)
        #expect(histories.done(ada, 2, at: LogIndex(9))?.property == .linearizability)
    }

    @Test func `takes pages from an index on by where they end`() {
        var histories = said
        _ = histories.done(ada, 2, at: LogIndex(9))
        let after = HistoryRequest(room: hall, after: LogIndex(5))
        reads(&histories, 1, [9], request: after)
        reads(&histories, 2, [], request: HistoryRequest(room: hall, after: LogIndex(9)))
        reads(&histories, 3, [5], request: HistoryRequest(room: hall, after: .zero), more: true)
        #expect(histories.verdict() == nil)
        reads(&histories, 4, [], request: after)
        #expect(histories.verdict()?.property == .linearizability)
    }

    @Test func `judges each room by itself`() {
        var histories = said
        histories.said(ada, 3, room: 1, 20)
        _ = histories.done(ada, 3, at: LogIndex(20))
        reads(&histories, 1, [5])
        #expect(histories.verdict() == nil)
    }

    @Test func `keeps to a bound with many words at once`() {
        var histories = RoomHistories()
        for order in 1...200 as ClosedRange<UInt64> { histories.said(ada, order, room: 0, order) }
        for order in (1...200 as ClosedRange<UInt64>).reversed() where order % 5 > 0 {
            _ = histories.done(ada, order, at: LogIndex(order))
        }
        reads(&histories, 1, Array(1...200))
        #expect(histories.verdict() == nil)
        #expect(histories.undecided == 0)
        reads(&histories, 2, Array(1...199))
        #expect(histories.verdict()?.property == .linearizability)
    }
}
