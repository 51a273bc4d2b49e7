import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetSimulation
import SyncNetTorture

/// One run: rounds of torments while clients write and read, then healing, then judgement.
final class TortureRun {
    /// How long all servers may take until one leads and the others follow, once all is healed.
    static let healTime = Duration.seconds(30)
    /// How long each client may wait for an answer then.
    static let answerTime = Duration.seconds(30)
    /// How long servers may take to apply the same, once nobody writes any more.
    static let restTime = Duration.seconds(30)
    /// How long a server may take to end when it is asked to.
    static let endTime = Duration.seconds(10)
    /// How long clients write between two rounds.
    static let breath = Duration.milliseconds(500)
    static let rooms: [Text] = ["red", "green", "blue"]

    private let settings: TortureSettings
    private let cluster: TorturedCluster
    private let narrator: Narrator
    private let recorder = Recorder()
    /// Every so-manieth client has no session.
    static let plainEvery = 4
    private let clients: [any Tormented]
    private(set) var report: TortureReport
    private var lives: [Task<Void, Never>] = []

    init(_ settings: TortureSettings, _ cluster: TorturedCluster, _ narrator: Narrator) {
        self.settings = settings
        self.cluster = cluster
        self.narrator = narrator
        report = TortureReport(settings: settings)
        var dice = Generator(seed: settings.seed ^ 0xC11E_4175)
        var clients: [any Tormented] = []
        for number in 0..<settings.clients {
            let seed = dice.next()
            clients.append(
                (number + 1) % Self.plainEvery == 0
                    ? PlainTortureClient(
                        number: number, rooms: Self.rooms, servers: cluster.addresses,
                        tls: cluster.tls, seed: seed, recorder: recorder)
                    : TortureClient(
                        number: number, rooms: Self.rooms, servers: cluster.addresses,
                        timing: .lan, tls: cluster.tls, seed: seed, recorder: recorder))
        }
        self.clients = clients
    }

    /// What clients asked and were told.
    var events: [RecordedEvent] { recorder.events }

    /// All of it.
    func run() async throws {
        for server in cluster.servers { try server.start() }
        guard try await cluster.becomesHealthy(within: Self.healTime) else {
            return await blame("no leader whom all follow, before anything was done")
        }
        narrator.step("\(settings.servers) servers are there")
        let end = ContinuousClock.now + settings.time
        lives = clients.map { client in Task { await client.live() } }
        for (number, round) in settings.plan.rounds.enumerated()
        where report.breaches.isEmpty && ContinuousClock.now < end {
            try await torment(round, number + 1)
        }
        try await finish()
    }

    private func torment(_ round: TorturePlan.Round, _ number: Int) async throws {
        let began = ContinuousClock.now
        for moment in Self.moments(of: round) {
            let due = began + .milliseconds(Int64(moment.at))
            try await Task.sleep(until: due, clock: .continuous)
            let torment = round.steps[moment.step].torment
            if moment.isBegin {
                report.count(torment.kind)
                remark("round \(number): \(torment)")
                try await cluster.begin(torment, moment.step)
            } else {
                try await cluster.end(torment, moment.step)
            }
        }
        try await heal()
        try await Task.sleep(for: Self.breath)
    }

    private struct Moment {
        var at: UInt64
        var isBegin: Bool
        var step: Int
    }

    private static func moments(of round: TorturePlan.Round) -> [Moment] {
        let all = round.steps.enumerated().flatMap { number, step in
            [
                Moment(at: step.at, isBegin: true, step: number),
                Moment(at: step.end, isBegin: false, step: number),
            ]
        }
        return all.sorted { ($0.at, $0.isBegin ? 0 : 1) < ($1.at, $1.isBegin ? 0 : 1) }
    }

    /// Everything has ended: demands that all servers are there again, and all clients served.
    private func heal() async throws {
        for server in cluster.servers {
            for end in server.takeUnwantedEnds() { await blame("\(end); see \(server.log)") }
        }
        guard try await cluster.readmit(within: Self.healTime) else {
            return await blame("who was removed can't be made a member again")
        }
        report.removals = cluster.removals
        let began = ContinuousClock.now
        let isHealthy = try await cluster.becomesHealthy(within: Self.healTime)
        report.longestHealing = max(report.longestHealing, began.duration(to: .now))
        guard isHealthy else {
            let sentence = await cluster.health().sentence
            return await blame(
                "not well \(Narrator.words(Self.healTime)) after all was healed: \(sentence)")
        }
        let before = clients.map(\.answers)
        var waiting: [String] = []
        let areServed = try await Patience.until(Self.answerTime) {
            waiting = zip(clients, before).filter { $0.answers == $1 }.map(\.0.id)
            return waiting.isEmpty
        }
        report.longestServing = max(report.longestServing, began.duration(to: .now))
        if areServed { return }
        await blame("all is healed, but nobody answers \(waiting.joined(separator: ", "))")
    }

    private func finish() async throws {
        narrator.step("all is healed; the clients end")
        for client in clients { await client.stop() }
        var waiting: [String] = []
        _ = try await Patience.until(Self.answerTime) {
            waiting = []
            for client in clients where await !client.isDone { waiting.append(client.id) }
            return waiting.isEmpty
        }
        lives.forEach { $0.cancel() }
        if !waiting.isEmpty {
            await blame("never answered after all was healed: \(waiting.joined(separator: ", "))")
        }
        if try await !cluster.comesToRest(within: Self.restTime) {
            let sentence = await cluster.health().sentence
            await blame("servers don't come to have applied the same: \(sentence)")
        }
        for server in cluster.servers { server.askToEnd() }
        for server in cluster.servers where try await !server.hasEnded(within: Self.endTime) {
            await blame("\(server.id) does not end when it is asked to")
            try await server.kill9()
        }
        report.relayed = try await cluster.relay.tally
        await cluster.relay.close()
        report.clients = recorder.tally
        judge()
        conform()
    }

    /// What the servers were told has to lead the machine that is simulated to what they did.
    private func conform() {
        do {
            let records = try RecordSet(at: [cluster.records])
            narrator.step("feeds what the servers recorded to the machine")
            var last: [String] = []
            let total = records.conform(tell: { last.append($0) }, complain: { last.append($0) })
            report.take(total, bytes: records.bytes)
            if !total.isGood { narrator.quote(last.joined(separator: "\n")) }
        } catch {
            report.breaches.append(Breach(.conformance, "\(error)"))
        }
    }

    private func judge() {
        var servers: [RecordedServer] = []
        for server in cluster.servers {
            do {
                servers.append(
                    try DiskReader.read(
                        server.directory, name: Text(server.id), rooms: Self.rooms))
            } catch {
                report.breaches.append(Breach(.journal, "\(server.id): \(error)"))
            }
        }
        let run = RecordedRun(rooms: Self.rooms, events: recorder.events, servers: servers)
        report.take(run.verdict(), entries: servers.map(\.last.number).max() ?? 0)
    }

    private func remark(_ text: String) {
        narrator.step(text)
        report.remarks.append((recorder.now, text))
    }

    private func blame(_ text: String) async {
        report.breaches.append(Breach(.liveness, text))
        remark(text)
    }
}
