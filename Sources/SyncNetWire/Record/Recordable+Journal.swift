import StateMachine
import SyncNetProtocol

extension AppliedDelta: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(through, posts, memberships, restricted, accounts, sessions, evicted, admitted)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        self.init(through: try reader.read())
        posts = try reader.read()
        memberships = try reader.read()
        restricted = try reader.read()
        accounts = try reader.read()
        sessions = try reader.read()
        evicted = try reader.read()
        admitted = try reader.read()
    }
}

extension JournalWrite: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .append(let entries): bytes.tagged(0, entries)
        case .cut(let from): bytes.tagged(1, from)
        case .ballot(let ballot): bytes.tagged(2, ballot)
        case .ceiling(let stamp): bytes.tagged(3, stamp)
        case .form(let formation): bytes.tagged(4, formation)
        case .recovering(let isRecovering): bytes.tagged(5, isRecovering)
        case .apply(let delta): bytes.tagged(6, delta)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .append(try reader.read())
        case 1: self = .cut(from: try reader.read())
        case 2: self = .ballot(try reader.read())
        case 3: self = .ceiling(try reader.read())
        case 4: self = .form(try reader.read())
        case 5: self = .recovering(try reader.read())
        case 6: self = .apply(try reader.read())
        default: throw .invalid("write")
        }
    }
}

extension SearchQuery: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.put(words, rooms, before, limit) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            words: try reader.read(), rooms: try reader.read(), before: try reader.read(),
            limit: try reader.read())
    }
}

extension JournalQuery: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .entries(let from, let count, let most): bytes.tagged(0, from, count, most)
        case .after(let index, let room, let limit): bytes.tagged(1, index, room, limit)
        case .before(let index, let room, let limit): bytes.tagged(2, index, room, limit)
        case .search(let query): bytes.tagged(3, query)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0:
            self = .entries(
                from: try reader.read(), count: try reader.read(), bytes: try reader.read())
        case 1:
            self = .after(
                try reader.read(), room: try reader.read(), limit: try reader.read())
        case 2:
            self = .before(
                try reader.read(), room: try reader.read(), limit: try reader.read())
        case 3: self = .search(try reader.read())
        default: throw .invalid("query")
        }
    }
}

extension JournalAnswer: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .entries(let entries): bytes.tagged(0, entries)
        case .messages(let messages, let more): bytes.tagged(1, messages, more)
        case .indexing: bytes.append(2)
        case .unsearchable: bytes.append(3)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .entries(try reader.read())
        case 1: self = .messages(try reader.read(), more: try reader.read())
        case 2: self = .indexing
        case 3: self = .unsearchable
        default: throw .invalid("answer")
        }
    }
}

extension JournalFailure: Recordable {
    func write(into bytes: inout [UInt8]) {
        switch self {
        case .full: bytes.append(0)
        case .broken: bytes.append(1)
        case .damaged: bytes.append(2)
        }
    }

    init(from reader: inout ByteReader) throws(WireError) {
        switch try reader.byte() {
        case 0: self = .full
        case 1: self = .broken
        case 2: self = .damaged
        default: throw .invalid("failure")
        }
    }
}
