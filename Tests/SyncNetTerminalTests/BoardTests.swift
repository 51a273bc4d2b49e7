import SyncNetTerminal
import Testing

struct BoardTests {
    private func post(_ index: UInt64, in room: String, by sender: String = "ada") -> Post {
        Post(
            room: room, index: index, stamp: index * 2, sender: sender, text: "m\(index)",
            createdAt: 0)
    }

    /// In den and pub; den is looked at.
    private func board() -> Board {
        var board = Board()
        board.enter(Bookmark(room: "den", index: 10, stamp: nil))
        board.enter(Bookmark(room: "pub", index: 11, stamp: nil))
        _ = board.look(at: "den")
        return board
    }

    @Test func `messages of the room that is looked at are shown, others are counted`() {
        var board = board()
        #expect(board.arrived(post(12, in: "den")) == post(12, in: "den"))
        #expect(board.arrived(post(13, in: "pub")) == nil)
        #expect(board.arrived(post(14, in: "pub")) == nil)
        #expect(board.unread.map(\.name) == ["pub"])
        #expect(board["pub"]?.unread == 2)
        #expect(board.look(at: "pub") == [post(13, in: "pub"), post(14, in: "pub")])
        #expect(board.unread.isEmpty)
    }

    @Test func `the mark stands at what was shown, not at what waits`() {
        var board = board()
        _ = board.arrived(post(13, in: "pub"))
        #expect(board["pub"]?.mark == Bookmark(room: "pub", index: 11, stamp: nil))
        _ = board.look(at: "pub")
        #expect(board["pub"]?.mark == Bookmark(room: "pub", index: 13, stamp: 26))
    }

    @Test func `nothing is shown twice, and nothing of a room one is not in`() {
        var board = board()
        #expect(board.arrived(post(10, in: "den")) == nil)
        #expect(board.arrived(post(12, in: "den")) != nil)
        #expect(board.arrived(post(12, in: "den")) == nil)
        #expect(board.arrived(post(13, in: "attic")) == nil)
    }

    @Test func `what does not fit is read again, in order and without gap`() {
        var board = board()
        let last = UInt64(12 + Board.heldMax + 20)
        for index in 12...last { #expect(board.arrived(post(index, in: "pub")) == nil) }
        #expect(board["pub"]?.unread == Board.heldMax + 21)
        var shown = board.look(at: "pub").map(\.index)
        #expect(board["pub"]?.isCut == true)
        // One more arrives while the rest is being read: it is not shown before the rest.
        #expect(board.arrived(post(last + 1, in: "pub")) == nil)
        let after = board["pub"]?.mark.index ?? 0
        let page = (after + 1...last).map { post($0, in: "pub") }
        shown += board.took(page, hasMore: false, of: "pub").map(\.index)
        #expect(board["pub"]?.isCut == true)
        shown += board.took([post(last + 1, in: "pub")], hasMore: false, of: "pub").map(\.index)
        #expect(board["pub"]?.isCut == false)
        #expect(shown == Array(12...last + 1))
        #expect(board.arrived(post(last + 2, in: "pub")) != nil)
    }

    @Test func `what is said lives until it is shown as a message, whichever comes first`() {
        var board = board()
        let first = board.said("one", in: "den")
        let second = board.said("two", in: "den")
        #expect(board.isWaiting)
        board.acknowledged(first, at: 12)
        #expect(board.deliveries.map(\.index) == [12, nil])
        #expect(board.arrived(post(12, in: "den")) != nil)
        #expect(board.arrived(post(13, in: "den")) != nil)
        #expect(board.deliveries.map(\.number) == [second])
        board.acknowledged(second, at: 13)
        #expect(board.deliveries.isEmpty)
        #expect(!board.isWaiting)
    }

    @Test func `what is refused is handed back`() {
        var board = board()
        let number = board.said("one", in: "den")
        #expect(board.failed(number)?.text == "one")
        #expect(board.failed(number) == nil)
    }

    @Test func `leaving the room that is looked at looks at another`() {
        var board = board()
        board.leave("den")
        #expect(board.current == "pub")
        board.leave("pub")
        #expect(board.current == nil)
    }

    @Test func `names are compared by bytes`() {
        var board = board()
        board.enter(Bookmark(room: "caf\u{E9}", index: 0, stamp: nil))
        #expect(board["cafe\u{301}"] == nil)
        #expect(board["caf\u{E9}"] != nil)
    }
}
