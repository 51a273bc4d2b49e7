import ArgumentParser
import StateMachine
import SyncNetProtocol

/// The election alone: LCR finds the candidate, the ring votes.
struct TryElection: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "election",
        abstract: "Elect a leader on a ring of servers on a table, and count the tokens.")

    @Option(help: "Whose next neighbour to show.")
    var serverId = "server1"

    @Option(help: "How many servers; all of them start at once.")
    var servers = 3

    @Flag(help: "Show every step.")
    var trace = false

    func validate() throws {
        guard (1...64).contains(servers) else {
            throw ValidationError("--servers has to be from 1 to 64.")
        }
    }

    func run() throws {
        let names = (1...servers).map { "server\($0)" }
        guard let me = names.firstIndex(of: serverId) else {
            throw Failure("there is no \"\(serverId)\", only \(names.joined(separator: ", "))")
        }
        Terminal.print("the ring: \(names.joined(separator: " → ")) → \(names[0])")
        Terminal.print("\(serverId)'s next neighbour is \(names[(me + 1) % servers])")
        var table = Table(names: names)
        let isElected = table.run(for: .seconds(30)) { $0.servers.contains(where: \.isLeading) }
        guard isElected, let leader = table.servers.first(where: \.isLeading) else {
            throw Failure("nobody was elected within 30 s of simulated time")
        }
        table.run(for: .milliseconds(50))
        if trace { for note in table.notes { show(note, names) } }
        let round = table.servers[Int(leader.me.rank)].status.epoch.number
        Terminal.print("\(names[Int(leader.me.rank)]) is elected, epoch \(round)")
        let first = table.sent.count { if case .token = $0.message.body { true } else { false } }
        let second = table.sent.count { if case .elected = $0.message.body { true } else { false } }
        Terminal.print("tokens: \(first) in the first lap (LCR), \(second) in the second (votes)")
    }

    private func show(_ note: Table.Note, _ names: [String]) {
        guard let words = Self.words(for: note.mark, names) else { return }
        let microseconds = note.at.nanoseconds / 1_000
        let digits = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        Terminal.print(
            "\(microseconds / 1_000_000).\(digits.prefix(3)) s  \(names[Int(note.node.rank)]) "
                + words)
    }

    private static func words(for mark: Mark, _ names: [String]) -> String? {
        switch mark {
        case .tokenSent(.first, let round): "sends its token for round \(round.number)"
        case .tokenSent(.second, _): "asks the ring for its votes"
        case .tokenForwarded(.first, let origin):
            "passes on the larger token of \(names[Int(origin.rank)])"
        case .tokenForwarded(.second, let origin):
            "passes on the vote for \(names[Int(origin.rank)])"
        case .tokenSwallowed(let origin):
            "swallows the smaller token of \(names[Int(origin.rank)])"
        case .tokenHome(let lap, let passed):
            "has its \(lap == .first ? "token" : "votes") home after \(passed) servers"
        case .voteIssued(let round, let candidate):
            "votes for \(names[Int(candidate.rank)]) in round \(round.number)"
        case .becameLeader(let epoch): "leads epoch \(epoch.number)"
        default: nil
        }
    }
}
