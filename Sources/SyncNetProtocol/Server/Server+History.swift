package import StateMachine

extension Server {
    /// A client asks for a page of a room.
    package mutating func takeHistory(
        _ history: HistoryRequest, _ request: ClientRequest, on stream: StreamID,
        into effects: inout Effects<SyncNet>
    ) {
        if let (reason, detail) = problem(of: history) {
            nack(reason, detail, request.request, on: stream, into: &effects)
            return
        }
        guard case .member = phase, recovery == nil else {
            nack(
                .unavailable, "this server is not ready to serve", request.request, on: stream,
                into: &effects)
            return
        }
        guard waiting.count + clients.reads.count + fetches.count < limits.waiting,
            fetches.count < Limits.fetchesMax
        else {
            nack(
                .overloaded, NackReason.overloaded.detail, request.request, on: stream,
                into: &effects)
            return
        }
        if history.isLinearizable {
            ask(
                .readIndex,
                for: .history(
                    stream, request: request.request, history, reader: request.sender),
                into: &effects)
        } else {
            read(
                WaitingPage(
                    stream: stream, request: request.request, history: history,
                    reader: request.sender, needs: history.seen, since: now,
                    isLinearizable: false), into: &effects)
        }
    }

    private func problem(of history: HistoryRequest) -> (NackReason, Text)? {
        if let words = history.search { return problem(ofSearch: history, words: words) }
        if history.room.isEmpty { return (.badRequest, "room is empty") }
        if history.room.utf8.count > limits.nameBytes {
            return (.tooLarge, Text("room is longer than \(limits.nameBytes) bytes"))
        }
        if history.after != nil, history.before != nil {
            return (.badRequest, "history takes before or after, not both")
        }
        let most = UInt64(limits.pageMax) - (bugs.contains(.p45LargestPageRefused) ? 1 : 0)
        guard let limit = history.limit, limit > most else { return nil }
        return (.tooLarge, Text("limit is over \(limits.pageMax)"))
    }

    /// The leader said what a linearizable page has to show.
    package mutating func readMayGo(
        _ id: UInt64, at index: LogIndex, into effects: inout Effects<SyncNet>
    ) {
        guard let waiting = waiting.remove(id),
            case .history(let stream, let request, let history, let reader) = waiting.owner
        else { return }
        read(
            WaitingPage(
                stream: stream, request: request, history: history, reader: reader,
                needs: max(index, history.seen), since: waiting.since, isLinearizable: true),
            into: &effects)
    }

    private mutating func read(_ read: WaitingPage, into effects: inout Effects<SyncNet>) {
        guard read.needs <= applied || bugs.contains(.p10ReadDoesNotWait) else {
            note(.readWaited, into: &effects)
            clients.reads.append(read)
            return
        }
        perform(read, into: &effects)
    }

    private mutating func perform(_ read: WaitingPage, into effects: inout Effects<SyncNet>) {
        guard clients.contains(read.stream) else { return }
        if let words = read.history.search {
            search(words, for: read, into: &effects)
            return
        }
        guard shows(read.history.room, to: read.reader) else {
            refuseStranger(read.request, on: read.stream, into: &effects)
            return
        }
        if read.isLinearizable { effects.append(.note(.readAnswered(applied))) }
        let history = read.history
        let limit = Int(history.limit ?? UInt64(limits.pageDefault))
        let query: JournalQuery =
            if let after = history.after {
                .after(
                    bugs.contains(.p6PageSkipsOne) ? after.next : after, room: history.room,
                    limit: limit)
            } else {
                // To the journal zero means the end of the room: nothing stands before 1.
                .before(
                    history.before.map { max($0, LogIndex(1)) } ?? .zero, room: history.room,
                    limit: limit)
            }
        fetch(
            query,
            for: .page(
                read.stream, request: read.request, room: history.room, reader: read.reader,
                wantsMembers: history.wantsMembers), into: &effects)
    }

    package mutating func refuseStranger(
        _ request: UInt64?, on stream: StreamID, into effects: inout Effects<SyncNet>
    ) {
        note(.strangerReadRefused, into: &effects)
        nack(.notAMember, NackReason.notAMember.detail, request, on: stream, into: &effects)
    }

    /// More is applied: pages that waited for it go.
    package mutating func answerReads(into effects: inout Effects<SyncNet>) {
        guard !clients.reads.isEmpty else { return }
        let ready = clients.reads.filter { $0.needs <= applied }
        guard !ready.isEmpty else { return }
        let reached = applied
        clients.reads.removeAll { $0.needs <= reached }
        for read in ready { perform(read, into: &effects) }
    }

    /// Pages that wait for too long end with a nack.
    package mutating func expireReads(into effects: inout Effects<SyncNet>) {
        let late = clients.reads.filter { now.since($0.since) > timing.request }
        guard !late.isEmpty else { return }
        note(.readWaitedTooLong, into: &effects)
        let (moment, limit) = (now, timing.request)
        clients.reads.removeAll { moment.since($0.since) > limit }
        for read in late {
            nack(
                .noLeader, "this server has not seen that much yet; try again or elsewhere",
                read.request, on: read.stream, into: &effects)
        }
    }
}
