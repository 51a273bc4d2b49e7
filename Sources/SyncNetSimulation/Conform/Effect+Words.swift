import StateMachine
import SyncNetProtocol

extension Effect where Words == SyncNet {
    /// What a machine asked for, in a few words.
    var words: String {
        switch self {
        case .datagram(let message, let to): "-> \(to.name) \(message.words)"
        case .publish(let message): "-> all \(message.words)"
        case .open(let to): "open a stream to \(to.name)"
        case .send(let message, let stream): "-> #\(stream.number) \(message.words)"
        case .close(let stream): "close #\(stream.number)"
        case .arm(let timer, let range): "arm \(timer) within \(range.words)"
        case .cancel(let timer): "cancel \(timer)"
        case .write(let write, let ticket): "write, ticket \(ticket.number): \(write.words)"
        case .fetch(let query, let ticket): "fetch, ticket \(ticket.number): \(query.words)"
        case .output(let output): "output \(output.words)"
        case .note(let mark): "note: \(mark.words)"
        case .halt: "halt"
        }
    }
}

extension ClosedRange<Interval> {
    fileprivate var words: String {
        let (least, most) = (lowerBound.nanoseconds, upperBound.nanoseconds)
        return "\(Double(least) / 1_000_000)...\(Double(most) / 1_000_000) ms"
    }
}

extension JournalWrite {
    fileprivate var words: String {
        switch self {
        case .append(let entries):
            "append " + entries.map(\.words).joined(separator: "; ")
        case .cut(let from): "cut from \(from.number)"
        case .ballot(let ballot):
            "ballot, round \(ballot.round.number), "
                + (ballot.vote.map { "vote for \($0.name)" } ?? "no vote")
        case .ceiling(let stamp): "ceiling \(stamp.number)"
        case .form(let formation):
            "cluster \(formation.cluster.number) of \(formation.members.count)"
        case .recovering(let isRecovering): isRecovering ? "recovering" : "recovered"
        case .apply(let delta):
            "applied to \(delta.through.number): \(delta.posts.count) posts, "
                + "\(delta.memberships.count) memberships, \(delta.sessions.count) sessions"
        }
    }
}

extension JournalQuery {
    fileprivate var words: String {
        switch self {
        case .entries(let from, let count, let bytes):
            "\(count) entries from \(from.number), \(bytes) bytes"
        case .after(let index, let room, let limit):
            "\(limit) of \(room.shown) after \(index.number)"
        case .before(let index, let room, let limit):
            "\(limit) of \(room.shown) before \(index.number)"
        case .search(let query):
            "search \(query.words.shown) in \(query.rooms.count) rooms, before "
                + "\(query.before.number), \(query.limit)"
        }
    }
}

extension NodeOutput {
    fileprivate var words: String {
        switch self {
        case .report(let report): "\(report)"
        case .passwordJob(let job): "password job \(job.id)"
        default: "\(self)"
        }
    }
}
