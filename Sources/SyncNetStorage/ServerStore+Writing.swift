import GRDB
import StateMachine
import SyncNetProtocol
import SyncNetWire

extension ServerStore {
    func perform(_ write: JournalWrite, on next: inout StoreState, in db: Database) throws {
        switch write {
        case .append(let entries):
            for entry in entries { try append(entry, on: &next, in: db) }
        case .cut(let first): try cut(from: first, on: &next, in: db)
        case .ballot(let ballot):
            guard ballot.round >= next.facts.ballot.round else {
                throw refusal("to go back to round \(ballot.round.number)")
            }
            next.facts.ballot = ballot
        case .ceiling(let stamp): next.facts.ceiling = max(next.facts.ceiling, stamp)
        case .form(let formation): try form(formation, on: &next, in: db)
        case .recovering(let isRecovering): next.facts.isRecovering = isRecovering
        case .apply(let delta): try apply(delta, on: &next, in: db)
        }
    }

    /// The owner asked for something that would break the log: not written.
    private func refusal(_ what: String) -> StorageError {
        .broken("\(files.database): asked \(what); nothing was written.")
    }

    /// Demands that the last statement changed so many rows. SQLite takes what a short read of a
    /// page left out for zeros and reports nothing: rows that are there are just not found, and
    /// would be back after the next start.
    func demand(_ rows: Int, of table: String, in db: Database) throws {
        guard db.changesCount != rows else { return }
        throw StorageError.damaged(
            files.damage(
                "\(rows) of its \(table) were to be changed, and \(db.changesCount) were found"))
    }

    private func append(_ entry: Entry, on next: inout StoreState, in db: Database) throws {
        guard entry.index == next.end.index.next, entry.epoch >= next.end.epoch,
            entry.stamp > next.lastStamp
        else {
            throw refusal(
                "to put entry \(entry.index.number) of epoch \(entry.epoch.number), stamp "
                    + "\(entry.stamp.number), after entry \(next.end.index.number) of epoch "
                    + "\(next.end.epoch.number), stamp \(next.lastStamp.number)")
        }
        scratch.removeAll(keepingCapacity: true)
        PayloadCodec.encode(entry.payload, into: &scratch)
        let statement = try statements.get(.entryInsert, on: db)
        try scratch.withUnsafeBytes { payload in
            statement.bind(1, entry.index.number)
            statement.bind(2, entry.epoch.number)
            statement.bind(3, entry.stamp.number)
            let checksum = StoredRow.checksum(entry, payload: payload)
            statement.bindBorrowed(4, payload)
            statement.bind(5, checksum)
            try statement.run()
            index.tail.append(.init(sum: checksum, epoch: entry.epoch))
        }
        next.end = LogEnd(epoch: entry.epoch, index: entry.index)
        next.lastStamp = entry.stamp
    }

    private func cut(
        from first: LogIndex, on next: inout StoreState, in db: Database
    ) throws {
        guard first > next.facts.applied else {
            throw refusal("to cut entry \(first.number), which is applied")
        }
        guard first <= next.end.index else { return }
        let statement = try statements.get(.entryCut, on: db)
        statement.bind(1, first.number)
        let doomed = Int(next.end.index.number - first.previous.number)
        try statement.run()
        try demand(doomed, of: "log", in: db)
        next.facts.cuts += 1
        index.tail.removeLast(doomed)
        next.end = .empty
        next.lastStamp = .zero
        guard first.number > 1 else { return }
        let last = try statements.get(.entryAt, on: db)
        last.bind(1, first.previous.number)
        try last.rows { row in
            let entry = try StoredRow.entry(row, in: files, bugs: options.bugs)
            next.end = LogEnd(epoch: entry.epoch, index: entry.index)
            next.lastStamp = entry.stamp
            return false
        }
        guard next.end.index == first.previous else {
            throw StorageError.damaged(
                files.damage("entry \(first.previous.number) of its log is missing"))
        }
    }

    private func form(
        _ formation: Formation, on next: inout StoreState, in db: Database
    ) throws {
        let bytes = FactsCodec.encode(formation)
        let statement = try statements.get(.formationReplace, on: db)
        let checksum = StoredRow.checksum(.formation, [bytes], [])
        statement.bind(1, bytes)
        statement.bind(2, checksum)
        try statement.run()
        index.sum = index.sum &- index.formation &+ checksum
        index.formation = checksum
        next.facts.formations += 1
    }

    private func apply(
        _ delta: AppliedDelta, on next: inout StoreState, in db: Database
    ) throws {
        guard delta.through >= next.facts.applied, delta.through <= next.end.index else {
            throw refusal(
                "to apply up to entry \(delta.through.number), with "
                    + "\(next.facts.applied.number) applied and \(next.end.index.number) stored")
        }
        for change in delta.memberships { try apply(change, in: db) }
        for change in delta.accounts { try apply(change, in: db) }
        for room in delta.restricted { try restrict(room, in: db) }
        try apply(delta.posts, in: db)
        if !options.bugs.contains(.c2SessionsNotDurable) {
            for name in delta.evicted { try evict(name, in: db) }
            for session in delta.sessions { try store(session, in: db) }
        }
        for disk in delta.admitted {
            let words = [UInt64(disk.node.rank), disk.disk.number]
            let checksum = StoredRow.checksum(.admitted, [], words)
            let statement = try statements.get(.admittedInsert, on: db)
            statement.bind(1, words[0])
            statement.bind(2, words[1])
            statement.bind(3, checksum)
            try statement.run()
            index.sum &+= checksum
        }
        let count = Int(delta.through.number - next.facts.applied.number)
        try settle(count, after: next.facts.applied, in: db)
        next.facts.applied = delta.through
    }

    private func apply(_ change: MembershipChange, in db: Database) throws {
        let checksum = StoredRow.checksum(.member, [change.room.utf8, change.member.utf8], [])
        guard change.isMember else {
            let statement = try statements.get(.memberDelete, on: db)
            statement.bind(1, change.room.utf8)
            statement.bind(2, change.member.utf8)
            try statement.run()
            try demand(1, of: "members", in: db)
            index.sum &-= checksum
            return
        }
        if index.latest[change.room.utf8] == nil {
            try room(change.room, latest: .zero, in: db)
        }
        let statement = try statements.get(.memberInsert, on: db)
        statement.bind(1, change.room.utf8)
        statement.bind(2, change.member.utf8)
        statement.bind(3, checksum)
        try statement.run()
        if db.changesCount > 0 { index.sum &+= checksum }
    }

    private func apply(_ change: AccountChange, in db: Database) throws {
        let former = index.accounts.removeValue(forKey: change.name.utf8)
        index.sum &-= former ?? 0
        guard let account = change.account else {
            let statement = try statements.get(.accountDelete, on: db)
            statement.bind(1, change.name.utf8)
            try statement.run()
            return try demand(former == nil ? 0 : 1, of: "accounts", in: db)
        }
        let checksum = StoredRow.checksum(account)
        let statement = try statements.get(.accountUpsert, on: db)
        statement.bind(1, account.name.utf8)
        statement.bind(2, account.verifier.utf8)
        statement.bind(3, account.isOperator ? 1 : 0)
        statement.bind(4, checksum)
        try statement.run()
        index.accounts[account.name.utf8] = checksum
        index.sum &+= checksum
    }

    private func restrict(_ room: Text, in db: Database) throws {
        let checksum = StoredRow.checksum(.restricted, [room.utf8], [])
        let statement = try statements.get(.restrictedInsert, on: db)
        statement.bind(1, room.utf8)
        statement.bind(2, checksum)
        try statement.run()
        if db.changesCount > 0 { index.sum &+= checksum }
    }

    private func room(_ name: Text, latest: LogIndex, in db: Database) throws {
        let checksum = StoredRow.checksum(.room, [name.utf8], [latest.number])
        let statement = try statements.get(.roomUpsert, on: db)
        statement.bind(1, name.utf8)
        statement.bind(2, latest.number)
        statement.bind(3, checksum)
        try statement.run()
        if let former = index.latest.updateValue(latest, forKey: name.utf8) {
            index.sum &-= StoredRow.checksum(.room, [name.utf8], [former.number])
        }
        index.sum &+= checksum
    }

    private func evict(_ name: Text, in db: Database) throws {
        let statement = try statements.get(.sessionDelete, on: db)
        statement.bind(1, name.utf8)
        try statement.run()
        let former = index.sessions.removeValue(forKey: name.utf8)
        try demand(former == nil ? 0 : 1, of: "sessions", in: db)
        index.sum &-= former ?? 0
    }

    private func apply(_ posts: [Post], in db: Database) throws {
        for (place, post) in posts.enumerated() {
            let statement = try statements.get(.postInsert, on: db)
            statement.bind(1, post.room.utf8)
            statement.bind(2, post.index.number)
            statement.bind(3, post.previous.number)
            let checksum = StoredRow.checksum(post)
            statement.bind(4, checksum)
            try statement.run()
            // The room's row is written once for a run of messages.
            let isLastOfRun = place + 1 == posts.count || posts[place + 1].room != post.room
            if isLastOfRun {
                try room(post.room, latest: post.index, in: db)
            }
        }
    }

    private func store(_ session: SessionRecord, in db: Database) throws {
        let outcomes = FactsCodec.encode(session.outcomes)
        let statement = try statements.get(.sessionUpsert, on: db)
        statement.bind(1, session.name.utf8)
        statement.bind(2, session.last)
        statement.bind(3, session.lastUsed.number)
        statement.bind(4, outcomes)
        let checksum = StoredRow.checksum(
            .session, [session.name.utf8, outcomes], [session.last, session.lastUsed.number])
        statement.bind(5, checksum)
        try statement.run()
        let former = index.sessions.updateValue(checksum, forKey: session.name.utf8) ?? 0
        index.sum = index.sum &- former &+ checksum
    }
}
