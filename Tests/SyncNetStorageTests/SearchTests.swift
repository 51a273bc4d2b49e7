import Foundation
import GRDB
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetStorage

extension StorageSuite {
    @Suite struct SearchTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// A store in which these were said, in room r and from index 1 on.
        private func store(saying texts: [String]) throws -> ServerStore {
            let (store, _) = try directory.open()
            try say(texts, from: 1, in: store)
            return store
        }

        private func say(_ texts: [String], from first: UInt64, in store: ServerStore) throws {
            let last = first + UInt64(texts.count) - 1
            let entries = zip(first...last, texts).map { Sample.chat($0, text: $1) }
            try store.commit([.append(entries)])
            var delta = AppliedDelta(through: LogIndex(last))
            delta.posts = (first...last).map {
                Post(room: "r", index: LogIndex($0), previous: LogIndex($0 - 1))
            }
            try store.commit([.apply(delta)])
        }

        private func find(
            _ words: Text, in store: ServerStore, rooms: [Text] = ["r"], before: UInt64 = 0,
            limit: Int = 10
        ) throws -> [UInt64] {
            let query = SearchQuery(
                words: words, rooms: rooms, before: LogIndex(before), limit: limit)
            while true {
                switch try store.answer(.search(query)) {
                case .indexing: continue
                case .messages(let messages, _): return messages.map(\.index.number)
                case .entries, .unsearchable: return [.max]
                }
            }
        }

        @Test func `all words have to stand in it, whatever their case and accents`() throws {
            let store = try store(saying: ["Red apples", "green Äpfel, red leaves", "blue"])
            #expect(try find("red", in: store) == [1, 2])
            #expect(try find("apfel RED", in: store) == [2])
            #expect(try find("app*", in: store) == [1])
            #expect(try find("app", in: store) == [])
            store.close()
        }

        @Test func `a row of signs is found wherever it stands`() throws {
            let store = try store(saying: [
                "今天天气很好", "hi 你好, Zoë", "東京タワーへ行く", "x你 好", "\u{20000}\u{20001}y",
            ])
            #expect(try find("天气", in: store) == [1])
            #expect(try find("气天", in: store) == [])
            #expect(try find("好", in: store) == [1, 2, 4])
            #expect(try find("你好", in: store) == [2, 4])
            #expect(try find("タワー 行く", in: store) == [3])
            #expect(try find("タワ*", in: store) == [3])
            #expect(try find("hi zoe 好", in: store) == [2])
            #expect(try find("x", in: store) == [4])
            #expect(try find("\u{20001}y", in: store) == [5])
            store.close()
        }

        @Test func `an index of a former version is made anew`() throws {
            let first = try store(saying: ["今天天气很好"])
            #expect(try find("天气", in: first) == [1])
            first.close()
            let queue = try DatabaseQueue(path: directory.path + "/search.db")
            try queue.inDatabase {
                try $0.execute(sql: "UPDATE extent SET version = 1; DELETE FROM words_docsize")
            }
            try queue.close()
            let (second, _) = try directory.open()
            #expect(try find("天气", in: second) == [1])
            second.close()
        }

        @Test(arguments: [
            "\"", "a\"b", "*", "NEAR(", "AND", "red OR blue", "-red", "red:", "^red", "{text}:red",
            "(red", "\0", "red\0\"", "☃", "room:r72", "''; DROP TABLE words",
        ])
        func `nothing that is typed is a query's language`(words: String) throws {
            let store = try store(saying: ["red", "blue"])
            let found = try find(Text(words), in: store)
            #expect(found.isEmpty || found == [1], "\(found)")
            #expect(try find("blue", in: store) == [2])
            store.close()
        }

        @Test func `only the rooms that are named are looked in, and names are not words`() throws {
            let store = try store(saying: ["red r72 r"])
            #expect(try find("red", in: store, rooms: []) == [])
            #expect(try find("red", in: store, rooms: ["R", "s", "rr"]) == [])
            #expect(try find("red", in: store, rooms: ["s", "r"]) == [1])
            store.close()
        }

        @Test func `the last ones are found, and those before an index`() throws {
            let store = try store(saying: (1...30).map { "word \($0)" })
            #expect(try find("word", in: store, limit: 3) == [28, 29, 30])
            #expect(try find("word", in: store, before: 28, limit: 2) == [26, 27])
            #expect(try find("word", in: store, before: 1) == [])
            store.close()
        }

        @Test func `a long log is indexed in steps, and what comes later is found`() throws {
            let count = SearchIndex.stepEntries * 2 + 10
            let store = try store(saying: (1...count).map { "word \($0)" })
            let query = JournalQuery.search(
                SearchQuery(words: "word", rooms: ["r"], before: .zero, limit: 1))
            for _ in 1...3 { #expect(try store.answer(query) == .indexing) }
            #expect(try find("word", in: store, limit: 1) == [UInt64(count)])
            try say(["word again"], from: UInt64(count) + 1, in: store)
            #expect(try find("again", in: store) == [UInt64(count) + 1])
            store.close()
        }

        @Test func `a start goes on with the index, and makes a broken one anew`() throws {
            try store(saying: ["red", "blue"]).close()
            var (store, _) = try directory.open()
            #expect(try find("red", in: store) == [1])
            store.close()
            (store, _) = try directory.open()
            let query = SearchQuery(words: "red", rooms: ["r"], before: .zero, limit: 1)
            #expect(try store.answer(.search(query)) != .indexing, "it was indexed already")
            store.close()
            let file = directory.path + "/search.db"
            try Data(repeating: 7, count: 20_000).write(to: URL(fileURLWithPath: file))
            (store, _) = try directory.open()
            #expect(try store.answer(.search(query)) == .unsearchable)
            #expect(try find("red", in: store) == [1])
            store.close()
        }

        @Test(arguments: [1, 2, 3])
        func `a message whose place in its room is lost is damage, and not left out`(
            lost: Int
        ) throws {
            let store = try store(saying: ["red", "red too", "red again"])
            try store.working { db in
                try db.execute(sql: "DELETE FROM posts WHERE idx = ?", arguments: [lost])
            }
            for _ in 1...2 {
                #expect {
                    _ = try find("red", in: store)
                } throws: { error in
                    guard case StorageError.damaged(let text) = error else { return false }
                    return text.contains("a message of room r is missing")
                }
            }
            store.close()
        }

        @Test func `an index that lacks what an earlier process put in is made anew`() throws {
            try store(saying: ["red", "blue"]).close()
            var (store, _) = try directory.open()
            #expect(try find("red", in: store) == [1])
            store.close()
            let file = try DatabaseQueue(path: directory.path + "/search.db")
            try file.inDatabase {
                try $0.execute(sql: "INSERT INTO words(words) VALUES('delete-all')")
            }
            try file.close()
            (store, _) = try directory.open()
            #expect(try find("red", in: store) == [.max], "it can't search now")
            #expect(try find("red", in: store) == [1])
            store.close()
        }
    }
}
