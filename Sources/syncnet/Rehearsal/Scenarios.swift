import Foundation
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime

/// The guide's scenarios: each says what it shows, does it, and judges whether it held.
enum Scenarios {
    static let room = "demo room"

    /// Servers that start at the same time find each other and agree on one leader.
    static func form(_ company: Company, _ narrator: Narrator) async throws {
        narrator.title(
            "Cluster formation",
            "\(company.servers.count) servers start at the same time. They find each other, and a",
            "token that goes round the ring finds the one that leads: within 10 seconds.")
        let began = ContinuousClock.now
        for server in company.servers { try server.start() }
        narrator.step("started \(company.servers.map(\.id).joined(separator: ", "))")
        let leader = try await company.leader(within: .seconds(20))
        let time = began.duration(to: .now)
        guard let leader else {
            narrator.claim("there is a leader", false, otherwise: logs(of: company))
            throw ExitEarly()
        }
        narrator.step("\(leader) leads, \(Narrator.words(time)) after the start")
        narrator.claim("one leader within 10 s of the start", time <= .seconds(10))
        let isHealthy = try await company.becomesHealthy()
        let health = await company.health()
        let ids = Set(health.servers.map { $0.status?.leader?.string ?? "nobody" })
        narrator.claim(
            "all servers are online, and all follow the same leader",
            isHealthy && ids.count == 1, otherwise: health.sentence)
        narrator.quote(
            StatusTable(health: health, isColourful: false).lines.joined(separator: "\n"))
        if !isHealthy { throw ExitEarly() }
    }

    /// The leader dies suddenly; another one takes over.
    static func failLeader(_ company: Company, _ narrator: Narrator) async throws {
        narrator.title(
            "Leader failure", "The leader is killed (kill -9) while clients write. The others",
            "notice, elect one of themselves within 15 seconds, and nothing acknowledged is lost.")
        guard let leader = try await company.leader(within: .seconds(20)) else {
            return _ = narrator.claim("there is a leader to kill", false)
        }
        let epoch = await company.health().leaders.first?.status?.epoch.number ?? 0
        try await Task.sleep(for: .seconds(1))
        _ = await company.takeLongestPause()
        narrator.step("\(await company.acknowledged()) messages acknowledged; kills \(leader)")
        let began = ContinuousClock.now
        _ = try await company.server(leader).end(by: SIGKILL, within: .seconds(5))
        let next = try await company.leader(otherThan: leader, within: .seconds(20))
        let time = began.duration(to: .now)
        narrator.claim(
            next.map { "\($0) leads, \(Narrator.words(time)) later; at most 15 s are allowed" }
                ?? "another one leads within 15 s", next != nil && time <= .seconds(15))
        let newer = await company.health().leaders.first?.status?.epoch.number ?? 0
        narrator.claim("its epoch, \(newer), is above \(epoch)", newer > epoch)
        let before = await company.acknowledged()
        let goesOn = try await Patience.until(.seconds(10)) {
            await company.acknowledged() > before
        }
        narrator.claim("the others are served without it", goesOn)
        try company.server(leader).start()
        let isBack = try await company.becomesHealthy()
        narrator.claim("\(leader) is started again, and follows", isBack)
        let pause = Narrator.words(await company.takeLongestPause())
        narrator.step("the longest pause of a client: \(pause)")
    }

    /// A person's client loses its server, twice, and goes on by itself.
    static func bereave(_ company: Company, _ narrator: Narrator) async throws {
        narrator.title(
            "Client resilience", "The very server that a client is connected to is killed. The",
            "client goes on with another one by itself; it loses nothing, is shown nothing twice,",
            "and somebody who comes later sees the whole history.")
        for _ in 1...2 {
            guard let writer = company.writers.first, let address = await writer.server,
                let id = company.plan.ring.first(where: { $0.tcpPort == address.port })?.serverID
            else { return _ = narrator.claim("the client is connected", false) }
            let changes = await writer.changes
            let count = await writer.acknowledged
            narrator.step("\(writer.name) is connected to \(id), which is killed")
            _ = try await company.server(id).end(by: SIGKILL, within: .seconds(5))
            let goesOn = try await Patience.until(.seconds(20)) {
                let isElsewhere = await writer.changes > changes
                return await writer.acknowledged > count && isElsewhere
            }
            let now = await writer.server?.description ?? "nowhere"
            narrator.claim("it goes on at \(now)", goesOn)
            try company.server(id).start()
            let isBack = try await company.becomesHealthy()
            narrator.claim("\(id) is started again, and follows", isBack)
        }
    }

    /// The logs' last lines, for whoever reads a failure.
    static func logs(of company: Company) -> String {
        company.servers.map { "\($0.id):\n\($0.lastLines)" }.joined(separator: "\n")
    }
}

/// What follows makes no sense any more; what went wrong has been said.
struct ExitEarly: Error {}
