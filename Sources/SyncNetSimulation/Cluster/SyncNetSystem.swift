package import DeterministicSimulation
package import StateMachine
package import SyncNetProtocol

/// What an alarm of the simulated world is for.
enum Alarm {
    case act(Int)
    case rebirth(Int)
    case storm
    case leaderFault
    case rolling
    case change
    case ambush
    case audit
    case repair(Int)
    case logIn(Int)
    case password(Int)

    private static let rebirths: UInt64 = 1 << 32
    private static let others: UInt64 = 1 << 33
    private static let repairs: UInt64 = 1 << 34
    private static let logins: UInt64 = 1 << 35
    private static let passwords: UInt64 = 1 << 36

    var number: UInt64 {
        switch self {
        case .act(let person): UInt64(person)
        case .rebirth(let person): Self.rebirths + UInt64(person)
        case .storm: Self.others
        case .leaderFault: Self.others + 1
        case .rolling: Self.others + 2
        case .audit: Self.others + 3
        case .change: Self.others + 4
        case .ambush: Self.others + 5
        case .repair(let server): Self.repairs + UInt64(server)
        case .logIn(let person): Self.logins + UInt64(person)
        case .password(let server): Self.passwords + UInt64(server)
        }
    }

    init(_ number: UInt64) {
        switch number {
        case ..<Self.rebirths: self = .act(Int(number))
        case ..<Self.others: self = .rebirth(Int(number - Self.rebirths))
        case Self.others: self = .storm
        case Self.others + 1: self = .leaderFault
        case Self.others + 2: self = .rolling
        case Self.others + 3: self = .audit
        case Self.others + 4: self = .change
        case Self.others + 5: self = .ambush
        case ..<Self.logins: self = .repair(Int(number - Self.repairs))
        case ..<Self.passwords: self = .logIn(Int(number - Self.logins))
        default: self = .password(Int(number - Self.passwords))
        }
    }
}

extension DecisionKind {
    static let ambush = DecisionKind("ambush", from: .faults)
    static let ambushHops = DecisionKind("ambush.hops", from: .faults)
    static let ambushElsewhere = DecisionKind("ambush.elsewhere", from: .faults)
    static let leftAlone = DecisionKind("left-alone", from: .faults)
    static let leftAloneFor = DecisionKind("left-alone.for", from: .faults)
    static let startInterrupted = DecisionKind("start.interrupted", from: .faults)
    static let startLeavesHistory = DecisionKind("start.leavesHistory", from: .disk)
}

/// SyncNet in the simulated world: servers, clients, and the people behind the clients.
package struct SyncNetSystem: SimulatedSystem {
    /// A server or a client.
    package typealias Machine = Participant
    /// The real encoding.
    package typealias Codec = SyncNetCodec
    /// A server's disk.
    package typealias NodeJournal = ServerJournal

    /// So many starts of a million are interrupted, where any are.
    private static let startsInterrupted: UInt32 = 100_000
    /// So many of a million leave closed segments of the log for later, on real storage.
    private static let startsLeavingHistory: UInt32 = 250_000

    let setting: Setting
    let bugs: PlantedBugs
    let roomNames: RoomNames
    var people: [Person] = []
    /// Whether people go on asking for things.
    var isBusy = true
    /// When an operator asked for another membership last; nil for never.
    var changedAt: Instant?
    var leader: NodeID?
    var nextRestart = 0
    /// How often the operator thought of another change of the members.
    var changes: UInt64 = 0
    /// How often somebody waited for the moment to hit whoever leads.
    var leaderStrikes: UInt64 = 0
    /// How often a new leader might have been hit as it began.
    var ambushes: UInt64 = 0
    /// What works passwords out, and what waits for it, by rank.
    var hash = WorldlyHash()
    var passwordJobs: [[PasswordJob]]
    /// How the servers' disks are, by rank.
    let healths: [DiskHealth]
    /// What their operators know, by rank.
    var watches: [Watch]
    private let journals: [ServerJournal]

    init(_ setting: Setting, disks: SimulatedDisks?) {
        self.setting = setting
        bugs = setting.scenario.bugs
        roomNames = RoomNames(Int(setting.scenario.workload.rooms), limits: setting.limits)
        let bugs = bugs
        let formation = setting.formation
        journals = setting.memberNodes.map { node in
            disks.map { .sqlite(on: $0.make(), of: node, bugs: bugs) }
                ?? .memory(of: node, formed: formation)
        }
        healths = journals.map { $0.health ?? DiskHealth() }
        watches = Array(repeating: Watch(), count: setting.servers)
        passwordJobs = Array(repeating: [], count: setting.servers)
        for rank in 0..<setting.founders { watches[rank].isMember = true }
    }

    var scenario: Scenario { setting.scenario }
    var workload: Workload { setting.scenario.workload }

    /// Adds servers and clients, and sets off what goes wrong.
    package mutating func begin(in world: inout SimulatedWorld<Self>) {
        for node in setting.memberNodes {
            world.add(node, .member, journal: journals[Int(node.rank)])
            world.start(node)
        }
        for number in 0..<setting.people {
            let node = Setting.client(number)
            people.append(Person(node, sort(of: number), rooms: Int(workload.rooms)))
            world.add(node, .client, journal: .none)
            if !isInCrowd(number) { world.start(node) }
        }
        if let storm = workload.storm { world.setAlarm(Alarm.storm.number, after: storm.at) }
        if !setting.faults.choices.isEmpty { world.releaseNemesis(setting.faults) }
        beginDirectedFaults(in: &world)
        beginWatch(in: &world)
        beginChanges(in: &world)
    }

    /// Whether somebody comes with the crowd, if there is one.
    private func isInCrowd(_ number: Int) -> Bool {
        (setting.clients..<setting.people - setting.outsiders).contains(number)
    }

    private func sort(of number: Int) -> Person.Sort {
        if number >= setting.people - setting.outsiders {
            return number == setting.people - 1 ? .registrar : .intruder
        }
        let place = UInt64(number * 37 % 100)
        if place < scenario.plainPercent { return .plain }
        return place < scenario.plainPercent + scenario.stubbornPercent ? .stubborn : .usual
    }

    /// What somebody goes by.
    func personName(_ number: Int) -> Text {
        let isNamesake = scenario.hasSharedNames && number % 2 == 1 && people[number].isMember
        return Text(people[isNamesake ? number - 1 : number].node.name)
    }

    /// Makes the machine of a node that starts.
    package mutating func start(
        _ node: NodeID, boot: Int, journal: inout ServerJournal, decisions: inout Decisions
    ) throws(JournalFailure) -> Started<Participant> {
        let number = Int(node.rank) - Limits.membersMax
        guard number >= 0 else {
            let configuration = ServerConfiguration(
                me: node, members: setting.members, founders: setting.founders,
                timing: setting.timing, limits: setting.limits, accounts: scenario.accounts,
                operatorToken: scenario.accounts == .off ? nil : WorldlyHash.token)
            journal.leavesHistory = leavesHistory(node, &decisions)
            let found =
                try isInterrupted(node, &decisions)
                ? journal.startInterrupted(&decisions) : journal.start()
            let server = Server(
                configuration, bugs: bugs, faultPoints: setting.faultPoints[Int(node.rank)])
            return Started(Participant(server), recovery: .server(found))
        }
        let name = personName(number)
        let session = Text("\(node.name).\(boot)")
        switch people[number].sort {
        case .registrar:
            let registrar = PlainClient(
                me: node, name: name, timing: setting.timing, token: WorldlyHash.token)
            return Started(Participant(registrar), recovery: .client)
        case .intruder:
            let intruder = PlainClient(
                me: node, name: victim(inLife: boot), timing: setting.timing, isLoyal: true,
                token: "guessed")
            return Started(Participant(intruder), recovery: .client)
        case .plain:
            let plain = PlainClient(
                me: node, name: name, timing: setting.timing,
                talksNonsense: scenario.hasNonsense, isLoyal: number % 2 == 0)
            return Started(Participant(plain), recovery: .client)
        case .stubborn:
            let stubborn = StubbornClient(
                me: node, name: name, session: session, limits: setting.limits,
                retry: setting.timing.reconnect)
            return Started(Participant(stubborn), recovery: .client)
        case .usual:
            let client = Client(
                me: node, name: name, session: session, timing: setting.timing,
                limits: setting.clientLimits, password: people[number].password, bugs: bugs)
            return Started(Participant(client), recovery: .client)
        }
    }

    /// Some starts take any history for a long one.
    private func leavesHistory(_ node: NodeID, _ decisions: inout Decisions) -> Bool {
        guard scenario.storage == .sqlite else { return false }
        let point = DecisionPoint(.startLeavesHistory, node)
        return decisions.chance(point, perMillion: Self.startsLeavingHistory)
    }

    /// Where machines lose their power in the middle of commits, some do so as they start.
    private func isInterrupted(_ node: NodeID, _ decisions: inout Decisions) -> Bool {
        let choices = setting.faults.choices + scenario.leaderFaults.choices
        guard isBusy, scenario.storage == .sqlite,
            choices.contains(where: { $0.kind == .crashInCommit })
        else { return false }
        let point = DecisionPoint(.startInterrupted, node)
        return decisions.chance(point, perMillion: Self.startsInterrupted)
    }

    /// Somebody gets an answer, or a server speaks to its people.
    package mutating func output(
        _ output: NodeOutput, by node: NodeID, in world: inout SimulatedWorld<Self>
    ) {
        let number = Int(node.rank) - Limits.membersMax
        guard number >= 0 else {
            if case .passwordJob(let job) = output { workOut(job, at: node, in: &world) }
            if case .report(let report) = output {
                switch report {
                case .leading:
                    leader = node
                    layAmbush(in: &world)
                case .changing where node == leader: layAmbush(in: &world)
                default: break
                }
                heard(report, from: node)
            }
            return
        }
        switch output {
        case .done(let order, _):
            people[number].answered(order, isDone: true)
            if people[number].sort == .registrar { learn(order, isDone: true) }
        case .refused(let order, let reason, _):
            if reason == .notJoined { people[number].turnedOut(by: order) }
            people[number].answered(order, isDone: false)
            if people[number].sort == .registrar, reason != .unknownOutcome {
                learn(order, isDone: false)
            }
            if reason == .loginRequired { logInLater(number, in: &world) }
        case .page(let order, _), .servers(let order, _, _):
            people[number].answered(order, isDone: true)
        case .message(let message):
            guard let room = roomNames.number(of: message.room) else { return }
            people[number].shown[room] = message.index
        case .excluded(let name):
            guard let room = roomNames.number(of: name) else { return }
            if people[number].rooms[room] == .inside { people[number].rooms[room] = .outside }
        case .loginRefused: logInLater(number, in: &world)
        case .passwordJob, .connected, .disconnected, .report: break
        }
    }

    /// Something that was planned for this moment.
    package mutating func alarm(_ number: UInt64, in world: inout SimulatedWorld<Self>) {
        switch Alarm(number) {
        case .act(let person): act(person, in: &world)
        case .rebirth(let person): comeBack(person, in: &world)
        case .storm:
            for number in people.indices where isInCrowd(number) {
                let person = people[number]
                let point = DecisionPoint(.workloadCrowd, person.node)
                let comes = world.decisions.choose(
                    point, of: 1, weight: { _ in 1 }, name: { _ in "comes" })
                if comes != nil { world.start(person.node) }
            }
        case .leaderFault: leaderFault(in: &world)
        case .rolling: restartNext(in: &world)
        case .change: changeMembers(in: &world)
        case .ambush: ambush(in: &world)
        case .audit: audit(in: &world)
        case .repair(let server): repair(server, in: &world)
        case .logIn(let person): logIn(person, in: &world)
        case .password(let server): passwordDone(by: server, in: &world)
        }
    }

    /// A node started or ended.
    package mutating func changed(
        _ change: NodeChange, of node: NodeID, in world: inout SimulatedWorld<Self>
    ) {
        let number = Int(node.rank) - Limits.membersMax
        guard number >= 0 else {
            if !world.isUp(node) { passwordJobs[Int(node.rank)].removeAll() }
            return noticed(change, of: node, in: &world)
        }
        switch change {
        case .started(let boot):
            arrived(number, in: &world)
            if boot == 1 { act(number, in: &world) }
        case .crashed, .halted: people[number].isHere = false
        case .startFailed, .paused, .resumed: break
        }
    }

    /// How people call a node.
    package func name(_ node: NodeID) -> String { node.name }
}
