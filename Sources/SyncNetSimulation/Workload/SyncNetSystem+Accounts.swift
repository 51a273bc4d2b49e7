import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let accountPerson = DecisionKind("account.person", from: .workload)
    static let accountChange = DecisionKind("account.change", from: .workload)
    static let accountTry = DecisionKind("account.try", from: .workload)
    static let accountLogin = DecisionKind("account.login", from: .workload)
    static let passwordWork = DecisionKind("password.work", from: .workload)
    static let passwordTurnedAway = DecisionKind("password.turnedAway", from: .workload)
}

// Accounts: who makes and changes them, who logs in, and who tries to get in without.
extension SyncNetSystem {
    private static let turnedAway: UInt32 = 20_000
    private static let passwordsMost = 3

    /// Whether somebody has an account, or shall have one.
    private func mayHaveAccount(_ number: Int) -> Bool {
        switch people[number].sort {
        case .usual: break
        case .intruder: return true
        case .plain, .stubborn, .registrar: return false
        }
        return scenario.accounts == .required || number % 3 != 2
    }

    /// As whom an intruder speaks: somebody else in every life.
    func victim(inLife life: Int) -> Text {
        let owners = people.indices.filter {
            people[$0].sort == .usual && mayHaveAccount($0)
        }
        guard !owners.isEmpty else { return "nobody" }
        return Text(people[owners[life % owners.count]].node.name)
    }

    /// Makes an account for somebody who has none; otherwise changes or removes one.
    mutating func changeAccount(by registrar: Int, in world: inout SimulatedWorld<Self>) {
        // Who has to try many passwords waits long.
        var owners = people.indices.filter {
            mayHaveAccount($0) && people[$0].passwords.count < Self.passwordsMost
        }
        guard !owners.isEmpty else { return }
        let without = owners.filter { people[$0].passwords.isEmpty }
        if !without.isEmpty { owners = without }
        let node = people[registrar].node
        let pick = world.decisions.pick(DecisionPoint(.accountPerson, node), of: owners.count)
        let owner = owners[pick]
        let isFirst = people[owner].passwords.isEmpty
        let fate = world.decisions.pick(DecisionPoint(.accountChange, node), of: 8)
        if !isFirst, fate == 7 { return listAccounts(registrar, in: &world) }
        guard isFirst || fate < 4 else { return }
        let isRemoval = !isFirst && fate == 0 && scenario.accounts == .optional
        set(owner, by: registrar, isRemoval: isRemoval, in: &world)
    }

    private mutating func set(
        _ owner: Int, by registrar: Int, isRemoval: Bool, in world: inout SimulatedWorld<Self>
    ) {
        let name = Text(people[owner].node.name)
        let order = people[registrar].add(.other)
        let password: Text? = isRemoval ? nil : Text("\(name.string)-\(order)")
        people[owner].passwords.append((order, password ?? "", false))
        people[owner].tries = 0
        // Of operators only intruders use what they may, and are not forever.
        let isOperator = people[owner].sort == .intruder && order % 3 == 0
        let change = AccountOrder(name: name, password: password, isOperator: isOperator)
        world.input(
            .change(order: order, add: !isRemoval, id: change.words), to: people[registrar].node)
    }

    private mutating func listAccounts(_ number: Int, in world: inout SimulatedWorld<Self>) {
        world.input(
            .discover(order: people[number].add(.other), status: false), to: people[number].node)
    }

    /// Nobody who waits for an answer shall wait for the right guess: the password is set anew,
    /// unless that is under way.
    private mutating func reset(_ owner: Int, in world: inout SimulatedWorld<Self>) {
        guard let registrar = people.firstIndex(where: { $0.sort == .registrar }) else { return }
        let isOpen = people[owner].passwords.contains { password in
            people[registrar].open.contains { $0.number == password.order }
        }
        if !isOpen { set(owner, by: registrar, isRemoval: false, in: &world) }
    }

    /// Reads as somebody else, after a guess at their password, or logged in as oneself.
    mutating func intrude(_ number: Int, in world: inout SimulatedWorld<Self>) {
        let node = people[number].node
        switch world.decisions.pick(DecisionPoint(.accountTry, node), of: 8) {
        case 0: quit(number, in: &world)
        case 4: listAccounts(number, in: &world)
        case 3:
            let change = usurpation(by: number)
            world.input(
                .change(
                    order: people[number].add(.other), add: change.password != nil,
                    id: change.words), to: node)
        case 2:
            guard let own = people[number].password else { return }
            let login = AccountOrder(name: Text(node.name), password: own)
            world.input(.logIn(password: login.words), to: node)
        case 1:
            let name = victim(inLife: Int(people[number].lives))
            let owner = people.first { Text($0.node.name) == name }
            // Nobody knows a password that holds, but some know one that did.
            let login = AccountOrder(name: name, password: owner?.formerPassword ?? "guessed")
            world.input(.logIn(password: login.words), to: node)
        default:
            let room = world.decisions.pick(
                DecisionPoint(.workloadRoom, node), of: Int(workload.rooms))
            read(number, room, isLinearizable: false, in: &world)
        }
    }

    /// What only an operator may do to accounts. Somebody else's gets a password that its owner
    /// knows: whoever happens to be an operator shall not lock them out for good.
    private func usurpation(by intruder: Int) -> AccountOrder {
        let orders = people[intruder].orders
        if orders % 3 == 0, let own = people[intruder].password {
            let name = Text(people[intruder].node.name)
            return AccountOrder(name: name, password: own, isOperator: true)
        }
        let name = victim(inLife: Int(people[intruder].lives))
        let owner = people.first { Text($0.node.name) == name }
        let password = owner?.passwords.last { !$0.text.isEmpty }?.text ?? "mine now"
        return AccountOrder(name: name, password: orders % 4 == 1 ? nil : password)
    }

    /// Whoever makes accounts is told what came of an order.
    mutating func learn(_ order: UInt64, isDone: Bool) {
        for person in people.indices { people[person].learn(order, isDone: isDone) }
    }

    /// Somebody was not let in, and thinks about another password.
    mutating func logInLater(_ number: Int, in world: inout SimulatedWorld<Self>) {
        guard people[number].sort == .usual, !people[number].isLoggingIn else { return }
        people[number].isLoggingIn = true
        let point = DecisionPoint(.accountLogin, people[number].node)
        let retry = setting.timing.reconnect
        let pause = world.decisions.draw(point, in: retry...retry * 4)
        world.setAlarm(Alarm.logIn(number).number, after: pause)
    }

    /// Tries the next password.
    mutating func logIn(_ number: Int, in world: inout SimulatedWorld<Self>) {
        people[number].isLoggingIn = false
        let node = people[number].node
        guard people[number].isHere, world.isUp(node) else { return }
        guard isBusy || people[number].isSureOfPassword else {
            reset(number, in: &world)
            return logInLater(number, in: &world)
        }
        let password = people[number].password ?? ""
        people[number].tries += 1
        world.input(.logIn(password: password), to: node)
    }

    /// A server has a password to be worked out.
    mutating func workOut(
        _ job: PasswordJob, at node: NodeID, in world: inout SimulatedWorld<Self>
    ) {
        let point = DecisionPoint(.passwordTurnedAway, node)
        guard !world.decisions.chance(point, perMillion: Self.turnedAway) else {
            return world.input(.passwordTurnedAway(job: job.id), to: node)
        }
        passwordJobs[Int(node.rank)].append(job)
        if passwordJobs[Int(node.rank)].count == 1 { workOutNext(at: node, in: &world) }
    }

    private mutating func workOutNext(
        at node: NodeID, in world: inout SimulatedWorld<Self>
    ) {
        let retry = setting.timing.reconnect
        let pause = world.decisions.draw(
            DecisionPoint(.passwordWork, node), in: retry / 50...retry / 2)
        world.setAlarm(Alarm.password(Int(node.rank)).number, after: pause)
    }

    /// The slow work of a server is done.
    mutating func passwordDone(by rank: Int, in world: inout SimulatedWorld<Self>) {
        // It may have died meanwhile, and another life's work be under way.
        guard !passwordJobs[rank].isEmpty else { return }
        let (node, job) = (NodeID(UInt32(rank)), passwordJobs[rank].removeFirst())
        world.input(
            .passwordDone(job: job.id, verifier: hash.verifier(of: job)), to: node)
        if !passwordJobs[rank].isEmpty { workOutNext(at: node, in: &world) }
    }
}
