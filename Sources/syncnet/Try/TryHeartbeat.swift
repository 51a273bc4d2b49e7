import ArgumentParser
import StateMachine
import SyncNetProtocol

/// The failure detector alone.
struct TryHeartbeat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heartbeat",
        abstract: "Send heartbeats between servers on a table, then let one fall silent.")

    @Option(help: "Who sends, and who asks.")
    var serverId = "server1"

    @Option(help: "Whose health is asked for.")
    var peer = "server2"

    @Option(help: "guide, lan or wan; single numbers as in guide,heartbeat=1s,death=5s.")
    var timing = "guide"

    func run() throws {
        let names = ["server1", "server2", "server3"]
        guard let me = names.firstIndex(of: serverId), let other = names.firstIndex(of: peer),
            me != other
        else { throw Failure("choose two different servers of \(names.joined(separator: ", "))") }
        let timing = try TimingChoice.parse(timing)
        var table = Table(names: names, timing: timing)
        table.run(for: .seconds(30))
        Terminal.print("\(count(from: me, to: other, in: table)) heartbeats in 30 s")
        Terminal.print(health(of: other, at: me, in: table))
        table.silence(NodeID(UInt32(other)))
        let silenced = table.now
        let isNoticed = table.run(for: .seconds(60)) { !isAlive(other, at: me, in: $0) }
        guard isNoticed else { throw Failure("\(peer)'s silence was not noticed within 60 s") }
        Terminal.print("\(peer) falls silent")
        Terminal.print(
            "taken for dead within \(Self.seconds(timing.death + timing.heartbeat)) s: "
                + "\(table.now.since(silenced) <= timing.death + timing.heartbeat ? "yes" : "no")")
        Terminal.print(health(of: other, at: me, in: table))
    }

    private func count(from me: Int, to other: Int, in table: Table) -> Int {
        table.sent.count {
            guard case .heartbeat = $0.message.body else { return false }
            return $0.from.rank == UInt32(me) && $0.to.rank == UInt32(other)
        }
    }

    private func health(of other: Int, at me: Int, in table: Table) -> String {
        let word = isAlive(other, at: me, in: table) ? "alive" : "dead"
        return "\(serverId) takes \(peer) for \(word)"
    }

    private func isAlive(_ other: Int, at me: Int, in table: Table) -> Bool {
        table.servers[me].status.peers.first { $0.id.string == peer }?.isAlive ?? false
    }

    private static func seconds(_ interval: Interval) -> String {
        let milliseconds = interval.nanoseconds / 1_000_000
        return milliseconds % 1_000 == 0
            ? "\(milliseconds / 1_000)" : "0.\(String(milliseconds + 1_000).dropFirst())"
    }
}
