import ArgumentParser
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime

/// How an operator gets to a server: beside its data directory, whose token it shows.
struct OperatorAccess: ParsableArguments {
    @Option(help: "Use this server of the cluster; by default the first whose token is found.")
    var serverId: String?

    @OptionGroup var cluster: ClusterOptions

    /// Asks the first of the servers that answers and whose token can be read here.
    func ask(_ body: ClientRequestBody) async throws -> ClientReply {
        do {
            return try await answer(to: body)
        } catch let error as ChatError {
            throw Failure(error.description)
        }
    }

    /// The same; throws what a server refuses as it said it.
    func answer(to body: ClientRequestBody) async throws -> ClientReply {
        let plan = try cluster.plan()
        let tls = try plan.trust()
        if let serverId { try plan.demandServer(serverId) }
        var tokens = 0
        for server in plan.ring where serverId ?? server.serverID == server.serverID {
            let path = "\(plan.dataDirectory)/\(server.serverID)/\(OperatorToken.fileName)"
            guard let token = try? OperatorToken.read(path) else { continue }
            tokens += 1
            do {
                let address = ChatAddress(host: server.host, port: server.tcpPort)
                return try await OperatorQuery.ask(address, token: token, body, tls: tls)
            } catch ChatError.unreachable {
                continue
            }
        }
        guard tokens > 0 else {
            throw Failure(
                "no \(OperatorToken.fileName) can be read in \(plan.dataDirectory)/<server id>: "
                    + "run this where a server of the cluster runs, as its owner")
        }
        throw Failure("no server answers whose token is here: start one")
    }

    /// All accounts, in byte order of their names.
    func accounts() async throws -> [AccountEntry] {
        var list: [AccountEntry] = []
        while true {
            let reply = try await ask(.listAccounts(after: list.last?.name ?? ""))
            guard case .accounts(_, let page, let hasMore) = reply else { return list }
            list += page
            guard hasMore, !page.isEmpty else { return list }
        }
    }

    /// Makes or changes an account, once its password is known.
    func setPassword(of name: String, isOperator: Bool, fromInput: Bool) async throws {
        let password = try fromInput ? Password.readInput() : Password.askForNew(of: name)
        _ = try await ask(
            .setAccount(name: Text(name), password: Text(password), isOperator: isOperator))
    }
}
