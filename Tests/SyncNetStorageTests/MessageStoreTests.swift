import StateMachine
import SyncNetProtocol
import SyncNetStorage
import Testing

extension StorageSuite {
    /// The storage alone, without a cluster.
    @Suite struct MessageStoreTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        @Test func `the most recent messages of a room are found again`() throws {
            let store = try MessageStore(directory: directory.path)
            for number in 1...5 {
                try store.store("text \(number)", from: "anna", in: "hall", at: 1.25)
                try store.store("other", from: "bob", in: "attic", at: 2.5)
            }
            store.close()
            let again = try MessageStore(directory: directory.path)
            try again.store("text 6", from: "anna", in: "hall", at: 1.25)
            let messages = try again.recent(3, in: "hall")
            #expect(messages.map(\.text.string) == ["text 4", "text 5", "text 6"])
            #expect(messages.map(\.index.number) == [7, 9, 11])
            #expect(messages.map(\.previous.number) == [5, 7, 9])
            #expect(try again.recent(3, in: "cellar").isEmpty)
            again.close()
        }

        @Test func `names that look alike are different rooms`() throws {
            let store = try MessageStore(directory: directory.path)
            try store.store("one code point", from: "a", in: "caf\u{E9}", at: 0)
            try store.store("two code points", from: "a", in: "cafe\u{301}", at: 0)
            #expect(try store.recent(9, in: "caf\u{E9}").map(\.text.string) == ["one code point"])
            store.close()
        }

        @Test func `a message of any size and any text comes back as it was`() throws {
            let store = try MessageStore(directory: directory.path)
            for text in ["", "\u{0}", "👩‍👩‍👧", String(repeating: "x", count: 100_000)] {
                let stored = try store.store(text, from: "", in: "", at: -0.0)
                #expect(try store.recent(1, in: "") == [stored])
            }
            store.close()
        }
    }
}
