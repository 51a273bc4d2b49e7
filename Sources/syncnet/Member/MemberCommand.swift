import ArgumentParser
import SyncNetClient
import SyncNetProtocol

/// Adds and removes servers of a running cluster.
struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "Add and remove servers of a running cluster.",
        discussion: """
            Who is a member says the cluster's log; the configuration only says where they are. \
            To add one: put it at the end of the configuration of all servers, restart these \
            one after the other (syncnet rolling-restart), start the new one, and add it here. \
            One that was removed ends by itself, and stays in the configuration.

            Works beside the data directory of a running server: it shows that server the token in \
            DATA-DIR/<server id>/operator.token.
            """,
        subcommands: [
            AddMemberCommand.self, RemoveMemberCommand.self, ListMembersCommand.self,
        ])
}

/// Makes a server a member.
struct AddMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a configured server a member of the cluster.")

    @Argument(help: "Its id.")
    var id: String

    @OptionGroup var change: MemberChangeOptions

    func run() async throws {
        let servers = try await change.perform(
            .membership(add: true, id: Text(id)),
            orTell: "\(id) can be added once it runs and has caught up, which \"syncnet status\" "
                + "shows")
        Terminal.print("\(id) is a member; the members are \(servers)")
    }
}

/// Takes a server out of the cluster.
struct RemoveMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a server out of the cluster.")

    @Argument(help: "Its id.")
    var id: String

    @OptionGroup var change: MemberChangeOptions

    func run() async throws {
        guard try await change.perform(.discovery(status: false)) != id else {
            throw Failure(
                "\(id) is the last member, and a cluster has one at least: to end it, stop this "
                    + "server")
        }
        let servers = try await change.perform(.membership(add: false, id: Text(id)))
        Terminal.print("\(id) is no member; the members are \(servers)")
    }
}

/// Lists the members.
struct ListMembersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the members of the cluster.")

    @OptionGroup var change: MemberChangeOptions

    func run() async throws {
        Terminal.print(try await change.perform(.discovery(status: false)))
    }
}

/// How a change gets to the cluster, and for how long it is tried.
struct MemberChangeOptions: ParsableArguments {
    @Option(help: "How many seconds to try while the cluster is not ready for the change.")
    var patience = Seconds(20)

    @OptionGroup var access: OperatorAccess

    /// Asks until the cluster is ready. Gives the ids of the members; `hint` says what else the
    /// cluster may have waited for.
    func perform(_ body: ClientRequestBody, orTell hint: String? = nil) async throws -> String {
        let clock = ContinuousClock()
        let end = clock.now + patience.duration
        while true {
            do {
                return ids(try await access.answer(to: body))
            } catch let error as ChatError {
                guard error.mayPass, clock.now < end else {
                    let hints = error.isNotReady ? [hint].compactMap { $0 } : []
                    throw Failure(([error.description] + hints).joined(separator: "; "))
                }
                try await clock.sleep(for: .milliseconds(300))
            }
        }
    }

    private func ids(_ reply: ClientReply) -> String {
        guard case .servers(_, let servers, _, _) = reply else { return "unknown" }
        return servers.map(\.id.string).joined(separator: ", ")
    }
}

extension ChatError {
    /// Whether the cluster can't be changed so now.
    fileprivate var isNotReady: Bool {
        if case .refused(.notReady, _) = self { true } else { false }
    }

    /// Whether the same change may be taken a little later.
    var mayPass: Bool {
        switch self {
        case .refused(let reason, _):
            [.notReady, .noLeader, .unavailable, .overloaded].contains(reason)
        // A change that was made already is done.
        case .unreachable, .closed, .unknownOutcome: true
        default: false
        }
    }
}
