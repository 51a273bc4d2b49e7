import Foundation

/// Restarts the servers of a cluster one after the other, followers first, while clients
/// write, so that there is but one change of the leader.
struct RollingRestart {
    /// How long a server may take to stop, and the cluster to be healthy again.
    static let stopTime = Duration.seconds(10)
    static let healTime = Duration.seconds(30)
    /// How long clients write with all servers there before the next one is stopped.
    static let breath = Duration.milliseconds(500)

    var company: Company
    var narrator: Narrator
    /// Who may not end the process between a stop and a start.
    var interruption: Interruption?

    /// Whether every server is back. Ends at the first that is not: the others go on.
    func run() async throws -> Bool {
        let leader = try await company.leader(within: Self.healTime)
        let members = company.servers.filter { !company.strangers.contains($0.id) }
        let order = members.filter { $0.id != leader } + members.filter { $0.id == leader }
        _ = await company.takeLongestPause()
        var longest = Duration.zero
        for server in order {
            let isLeader = server.id == leader
            try await Task.sleep(for: Self.breath)
            guard try await restart(server, isLeader: isLeader) else { return false }
            let pause = await company.takeLongestPause()
            longest = max(longest, pause)
            guard !company.writers.isEmpty else { continue }
            narrator.step("the longest pause of a client meanwhile: \(Narrator.words(pause))")
        }
        if !company.writers.isEmpty {
            narrator.step("longest pause of all: \(Narrator.words(longest))")
        }
        return true
    }

    private func restart(_ server: ServerProcess, isLeader: Bool) async throws -> Bool {
        narrator.step("stops \(server.id)\(isLeader ? ", which leads," : "") and starts it again")
        guard try await stopAndStart(server) else {
            return narrator.claim(
                "\(server.id) stops within \(Narrator.words(Self.stopTime))", false,
                otherwise: server.lastLines)
        }
        let began = ContinuousClock.now
        let isBack = try await company.becomesHealthy(within: Self.healTime)
        let time = Narrator.words(began.duration(to: .now))
        return narrator.claim(
            isBack
                ? "\(server.id) is back and the cluster healthy, \(time) after its start"
                : "the cluster is healthy within \(time) after the start of \(server.id)",
            isBack, otherwise: await company.health().sentence + "\n" + server.lastLines)
    }

    /// Whether it has stopped, and runs again with the flags that it had.
    private func stopAndStart(_ server: ServerProcess) async throws -> Bool {
        interruption?.hold()
        defer { interruption?.release() }
        server.startsAsItRuns()
        guard try await server.end(by: SIGTERM, within: Self.stopTime) else { return false }
        try server.start()
        return true
    }

    /// Ends the writing and demands that all of it is there.
    func settle() async throws {
        let wrong = try await company.stopWriting()
        narrator.claim(
            "every client could write to the end, and was shown each message once and in order",
            wrong.isEmpty, otherwise: wrong.joined(separator: "\n"))
        let lost = try await company.audit()
        let count = await company.acknowledged()
        narrator.claim(
            "all \(count) acknowledged messages are there, once and in order, on every server",
            lost.isEmpty, otherwise: lost.joined(separator: "\n"))
    }
}
