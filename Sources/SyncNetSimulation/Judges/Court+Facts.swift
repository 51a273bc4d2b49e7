import StateMachine
import SyncNetProtocol

// What a server does and says of itself.
extension Court {
    /// What a server did to its log and its role, before anything that it sent is judged.
    mutating func facts(_ effects: [Effect<SyncNet>], of node: NodeID) {
        let slot = Int(node.rank)
        let before = leading[slot]
        var hasCut = false
        (voteAt, cutAt, changeAt) = (-1, -1, -1)
        effects.withUnsafeBufferPointer { effects in
            for place in effects.indices {
                switch effects[place] {
                case .write(let write, let ticket):
                    switch write {
                    case .cut: (hasCut, cutAt) = (true, place)
                    case .ballot: voteAt = place
                    case .append(let entries) where changeAt < 0:
                        guard entries.contains(where: \.payload.changesMembership) else { break }
                        (changeAt, membersBefore) = (place, members.members(by: node))
                    default: break
                    }
                    wrote(write, ticket, node)
                    lasts = lasts.including(journals[slot].log.count)
                case .note(let mark): noted(mark, node)
                default: break
                }
            }
        }
        if hasCut, let before, leading[slot] == before {
            let detail = "\(node.name) cut its own log while it led epoch \(before.number)"
            hold(Breach(.leaderAppendOnly, detail))
        }
    }

    private mutating func wrote(_ write: JournalWrite, _ ticket: Ticket, _ node: NodeID) {
        let slot = Int(node.rank)
        journals[slot].asked(ticket, at: now)
        switch write {
        case .append(let entries):
            let first = journals[slot].log.count
            for entry in entries {
                let count = journals[slot].log.count
                guard entry.index.number == UInt64(count) + 1 else {
                    let detail =
                        "\(node.name) appended index \(entry.index.number) to a log of \(count)"
                    return hold(Breach(.logMatching, detail))
                }
                journals[slot].log.append(entry)
                members.wrote(entry, node)
                let link = journals[slot].log.links[count]
                hold(logs.wrote(node, count + 1, link))
            }
            journals[slot].log.asked(from: first, ticket, commit: commit)
        case .cut(let from):
            journals[slot].log.cut(from: Int(from.number), ticket, commit: commit)
            members.cut(from: from, node)
        case .form(let formation): commits.formed(formation)
        case .apply(let delta):
            journals[slot].asked(write, ticket, commit: commit)
            hold(sessions.stores(delta, by: node))
        case .ballot, .ceiling, .recovering:
            journals[slot].asked(write, ticket, commit: commit)
        }
    }

    private mutating func noted(_ mark: Mark, _ node: NodeID) {
        let slot = Int(node.rank)
        tally.count(mark)
        tokens.noted(mark, by: node)
        switch mark {
        case .becameLeader(let epoch):
            leading[slot] = epoch
            status.becameLeader(node, epoch, at: now)
            contact.becameLeader(node, at: now)
            hold(election.becameLeader(node, epoch, members.members(by: node)))
            hold(commits.becameLeader(node, epoch, journals[slot].log))
        case .steppedDown: leading[slot] = nil
        case .following(_, let epoch):
            leading[slot] = nil
            hold(election.follows(node, epoch))
        case .committed(let index):
            let before = commits.chains.count
            hold(
                commits.committed(
                    index, by: node, leading: leading[slot], journals: journals,
                    members.members(by: node), members.newcomers(by: node)))
            // With one list of members the copies say it all.
            guard members.mayDiffer, commits.chains.count > before else { return }
            let prospect = ProspectJudge(journals: journals, members: members, commits: commits)
            hold(prospect.judge(commits.chains.count))
        case .applied(let entry, let outcome): apply(entry, outcome, node)
        case .suspected(let peer): hold(detection.suspected(peer, by: node, now: now))
        case .trusted(let peer): detection.trusted(peer, by: node)
        case .sometimes(.waitedForCeiling): isParked[slot] = true
        default: break
        }
    }

    /// A server that leads has handled an event, and leads on.
    mutating func leadsOn(
        _ node: NodeID, _ epoch: Epoch, _ event: Event<SyncNet>
    ) {
        switch event {
        case .timer(.heartbeat):
            hold(contact.leadsOn(node, at: now, members.members(by: node)))
            let owed = journals[Int(node.rank)].owes(at: now)
            hold(contact.leadsOn(node, without: owed))
        case .message(let message, _):
            guard let higher = message.body.ledEpoch, higher > epoch else { return }
            let detail =
                "\(node.name) leads epoch \(epoch.number) on, though it was told of epoch "
                + "\(higher.number)"
            hold(Breach(.stepDown, detail))
        default: return
        }
    }

    private mutating func apply(_ entry: Entry, _ outcome: Outcome?, _ node: NodeID) {
        var isFirst = false
        hold(ledger.apply(entry, outcome, by: node, isFirst: &isFirst))
        applied[Int(node.rank)] = entry.index.number
        access.applied(entry, by: node, moment: commit)
        guard isFirst else { return }
        access.applied(entry, outcome)
        if entry.index.number > UInt64(commits.chains.count) {
            let detail =
                "\(node.name) applied index \(entry.index.number), committed are "
                + "\(commits.chains.count)"
            hold(Breach(.stateMachineSafety, detail))
        }
        if case .diskAdmitted(let peer, let disk) = entry.payload {
            let isReplaced = members.applied.contains(peer)
            hold(commits.admitted(peer, disk, inPlaceOfAnother: isReplaced, journals))
        }
        members.applied(entry)
        let isForgotten = !sessions.remembersSession(of: entry)
        if sequence.isReplay(entry, ofForgotten: isForgotten) {
            isReplayed = true
            isExcused = true
            return
        }
        hold(sequence.applied(entry, outcome, ofForgotten: isForgotten))
        sessions.applied(entry, outcome)
        hold(rooms.applied(entry, outcome))
        guard outcome == .done(entry.index), case .command(let command) = entry.payload,
            case .chat(let room, let text) = command.action
        else { return }
        let saying = Digest.of(saying: text, by: command.sender, in: room)
        hold(
            causality.applied(saying, at: entry.index.number, stamp: entry.stamp.number))
    }
}

extension ClosedRange<Int> {
    fileprivate func including(_ number: Int) -> Self {
        Swift.min(lowerBound, number)...Swift.max(upperBound, number)
    }
}

extension Body {
    /// The epoch whose leader speaks here, or in which a peer refuses.
    fileprivate var ledEpoch: Epoch? {
        switch self {
        case .append(let append): append.epoch
        case .appendAnswer(let answer):
            if case .refused(let round) = answer.result { round } else { nil }
        default: nil
        }
    }
}
