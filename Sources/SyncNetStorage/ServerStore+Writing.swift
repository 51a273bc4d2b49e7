import GRDB
import StateMachine
import SyncNetProtocol
import SyncNetWire

extension ServerStore {
    func perform(_ write: JournalWrite, on next: inout StoreState, in db: Database) throws {
        switch write {
        case .append(let entries):
            for entry in entries { try append(entry, on: &next, in: db) }
        case .cut(let index): try cut(from: index, on: &next, in: db)
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
            statement.bindBorrowed(4, payload)
            statement.bind(5, StoredRow.checksum(entry, payload: payload))
            try statement.run()
        }
        next.end = LogEnd(epoch: entry.epoch, index: entry.index)
        next.lastStamp = entry.stamp
    }

    private func cut(
        from index: LogIndex, on next: inout StoreState, in db: Database
    ) throws {
        guard index > next.facts.applied else {
            throw refusal("to cut entry \(index.number), which is applied")
        }
        guard index <= next.end.index else { return }
        let statement = try statements.get(.entryCut, on: db)
        statement.bind(1, index.number)
        try statement.run()
        next.facts.cuts += 1
        next.end = .empty
        next.lastStamp = .zero
        guard index.number > 1 else { return }
        let last = try statements.get(.entryAt, on: db)
        last.bind(1, index.previous.number)
        try last.rows { row in
            let entry = try StoredRow.entry(row, in: files)
            next.end = LogEnd(epoch: entry.epoch, index: entry.index)
            next.lastStamp = entry.stamp
            return false
        }
        guard next.end.index == index.previous else {
            throw StorageError.damaged(
                files.damage("entry \(index.previous.number) of its log is missing"))
        }
    }

    private func form(
        _ formation: Formation, on next: inout StoreState, in db: Database
    ) throws {
        let bytes = FactsCodec.encode(formation)
        let statement = try statements.get(.formationReplace, on: db)
        statement.bind(1, bytes)
        statement.bind(2, StoredRow.checksum(.formation, [bytes], []))
        try statement.run()
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
        try apply(delta.posts, in: db)
        if !options.bugs.contains(.c2SessionsNotDurable) {
            for name in delta.evicted {
                let statement = try statements.get(.sessionDelete, on: db)
                statement.bind(1, name.utf8)
                try statement.run()
            }
            for session in delta.sessions { try store(session, in: db) }
        }
        for disk in delta.admitted {
            let statement = try statements.get(.admittedInsert, on: db)
            statement.bind(1, UInt64(disk.node.rank))
            statement.bind(2, disk.disk.number)
            statement.bind(
                3, StoredRow.checksum(.admitted, [], [UInt64(disk.node.rank), disk.disk.number]))
            try statement.run()
        }
        next.facts.applied = delta.through
    }

    private func apply(_ change: MembershipChange, in db: Database) throws {
        guard change.isMember else {
            let statement = try statements.get(.memberDelete, on: db)
            statement.bind(1, change.room.utf8)
            statement.bind(2, change.member.utf8)
            return try statement.run()
        }
        try room(change.room, latest: .zero, by: .roomMake, in: db)
        let statement = try statements.get(.memberInsert, on: db)
        statement.bind(1, change.room.utf8)
        statement.bind(2, change.member.utf8)
        statement.bind(
            3, StoredRow.checksum(.member, [change.room.utf8, change.member.utf8], []))
        try statement.run()
    }

    private func room(
        _ name: Text, latest: LogIndex, by statement: StoreStatements.Name, in db: Database
    ) throws {
        let statement = try statements.get(statement, on: db)
        statement.bind(1, name.utf8)
        statement.bind(2, latest.number)
        statement.bind(3, StoredRow.checksum(.room, [name.utf8], [latest.number]))
        try statement.run()
    }

    private func apply(_ posts: [Post], in db: Database) throws {
        for (place, post) in posts.enumerated() {
            let statement = try statements.get(.postInsert, on: db)
            statement.bind(1, post.room.utf8)
            statement.bind(2, post.index.number)
            statement.bind(3, post.previous.number)
            statement.bind(4, StoredRow.checksum(post))
            try statement.run()
            // The room's row is written once for a run of messages.
            let isLastOfRun = place + 1 == posts.count || posts[place + 1].room != post.room
            if isLastOfRun {
                try room(post.room, latest: post.index, by: .roomUpsert, in: db)
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
        statement.bind(
            5,
            StoredRow.checksum(
                .session, [session.name.utf8, outcomes], [session.last, session.lastUsed.number]))
        try statement.run()
    }
}
