import StateMachine
import SyncNetProtocol

/// Law: whoever asked that a server be a member, or none, and is told that it is so, is told what
/// was so at some time since.
///
/// Who is a member by each server's log, read from the entries alone: the founders, with those
/// whose disk an entry admits and without those that an entry removes.
struct MembershipJudge {
    private struct Change {
        var index: LogIndex
        var payload: Payload
    }

    /// What a client asked for.
    private struct Wish {
        var client: NodeID
        var order: UInt64
        var node: NodeID
        var isMember: Bool
        /// How many changes had been applied anywhere by then.
        var applied: Int
    }

    /// How many servers may be listed.
    let listable: ClosedRange<Int>
    /// Whether an operator changes who is a member, so that logs may differ in that.
    let mayDiffer: Bool
    private let founders: [NodeID]
    /// The changes that stand in each server's log.
    private var logs: [[Change]]
    /// Those that were applied anywhere, rising.
    private var done: [Change] = []
    /// What the servers are called, by rank.
    private let ids: [Text]
    private var wishes: [Wish] = []

    init(servers: Int, founders: Int, isChanging: Bool, ids: [Text] = []) {
        self.ids = ids
        listable = isChanging ? 1...servers : servers...servers
        mayDiffer = isChanging
        self.founders = (0..<UInt32(founders)).map { NodeID($0) }
        logs = Array(repeating: [], count: servers)
    }

    mutating func wrote(_ entry: Entry, _ node: NodeID) {
        guard entry.payload.changesMembership else { return }
        logs[Int(node.rank)].append(Change(index: entry.index, payload: entry.payload))
    }

    mutating func cut(from index: LogIndex, _ node: NodeID) {
        logs[Int(node.rank)].removeAll { $0.index >= index }
    }

    /// A server begins with what its disk has kept.
    mutating func started(_ node: NodeID, _ found: Recovered) {
        var log = done.filter { $0.index <= found.applied }
        for entry in found.tail where entry.payload.changesMembership {
            log.append(Change(index: entry.index, payload: entry.payload))
        }
        logs[Int(node.rank)] = log
    }

    /// An entry is applied for the first time.
    mutating func applied(_ entry: Entry) {
        guard entry.payload.changesMembership else { return }
        done.append(Change(index: entry.index, payload: entry.payload))
    }

    /// Who is a member by what is applied.
    var applied: [NodeID] { members(done) }

    /// Who is a member by a server's log.
    @inline(__always)
    func members(by node: NodeID) -> [NodeID] {
        let log = logs[Int(node.rank)]
        return log.isEmpty ? founders : members(log)
    }

    /// Who is a member by the log of each server.
    var byLog: [[NodeID]] { logs.indices.map { members(by: NodeID(UInt32($0))) } }

    private func members(_ changes: [Change]) -> [NodeID] {
        var members = founders
        for change in changes {
            switch change.payload {
            case .diskAdmitted(let node, _):
                if !members.contains(node) { members.append(node) }
            case .memberRemoved(let node, _): members.removeAll { $0 == node }
            case .epochStarted, .command: break
            }
        }
        return members
    }

    /// A client asks that the server of that name be a member, or none.
    mutating func asked(_ client: NodeID, order: UInt64, add isMember: Bool, _ id: Text) {
        // Whoever makes accounts asks for them by the same order.
        guard let rank = ids.firstIndex(of: id) else { return }
        wishes.append(
            Wish(
                client: client, order: order, node: NodeID(UInt32(rank)), isMember: isMember,
                applied: done.count))
    }

    /// A client's order is answered: it is so, or it was refused.
    mutating func answered(_ client: NodeID, _ order: UInt64, isDone: Bool) -> Breach? {
        let place = wishes.firstIndex { $0.client == client && $0.order == order }
        guard let wish = place.map({ wishes.remove(at: $0) }), isDone else { return nil }
        let wasSo = (wish.applied...done.count).contains { count in
            members(Array(done[..<count])).contains(wish.node) == wish.isMember
        }
        guard !wasSo else { return nil }
        let what = wish.isMember ? "a member" : "no member any more"
        let detail =
            "\(client.name) was told that \(wish.node.name) is \(what), as it had asked, which was "
            + "not so since"
        return Breach(.durability, detail)
    }

    /// The disks that an entry of a server's log made members of servers that were none.
    func newcomers(by node: NodeID) -> [MemberDisk] {
        let log = logs[Int(node.rank)]
        return log.indices.compactMap { place in
            guard case .diskAdmitted(let node, let disk) = log[place].payload,
                !members(Array(log[..<place])).contains(node)
            else { return nil }
            return MemberDisk(node: node, disk: disk)
        }
    }
}
