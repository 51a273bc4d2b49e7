import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let workloadMoment = DecisionKind("workload.moment", from: .workload)
    static let workloadAction = DecisionKind("workload.action", from: .workload)
    static let workloadRoom = DecisionKind("workload.room", from: .workload)
    static let workloadBegin = DecisionKind("workload.begin", from: .workload)
    static let workloadOddText = DecisionKind("workload.oddText", from: .workload)
    static let workloadText = DecisionKind("workload.text", from: .workload)
    static let workloadBurst = DecisionKind("workload.burst", from: .workload)
    static let workloadPage = DecisionKind("workload.page", from: .workload)
    static let workloadServers = DecisionKind("workload.servers", from: .workload)
    static let workloadCrowd = DecisionKind("workload.crowd", from: .workload)
    static let workloadQuit = DecisionKind("workload.quit", from: .workload)
    static let workloadReturn = DecisionKind("workload.return", from: .workload)
}

extension Workload {
    /// What there is to do for somebody in a room, and how often it is done.
    fileprivate var actions: [(name: String, weight: UInt32)] {
        [
            ("say", say), ("burst", burst), ("read", read), ("linearizable", linearizable),
            ("join", join), ("leave", leave), ("discover", discover), ("quit", quit),
            ("odd", odd), ("visit", visit), ("invite", invite), ("peek", peek),
            ("search", search),
        ]
    }
}

// What people do with their clients.
extension SyncNetSystem {
    /// A client's next order is due.
    mutating func act(_ number: Int, in world: inout SimulatedWorld<Self>) {
        guard isBusy else { return }
        let node = people[number].node
        people[number].acts += 1
        world.decisions.subject = DecisionSubject("act", people[number].acts)
        if people[number].isHere, UInt64(people[number].open.count) < workload.outstanding {
            choose(number, in: &world)
        }
        world.decisions.subject = DecisionSubject("act", people[number].acts + 1)
        let pause = world.decisions.pause(
            DecisionPoint(.workloadMoment, node), from: world.now, in: workload.pause)
        world.decisions.subject = .none
        world.setAlarm(UInt64(number), after: pause)
    }

    private mutating func choose(_ number: Int, in world: inout SimulatedWorld<Self>) {
        switch people[number].sort {
        case .registrar: return changeAccount(by: number, in: &world)
        case .intruder: return intrude(number, in: &world)
        case .usual, .plain, .stubborn: break
        }
        let inside = people[number].places { $0 == .inside || $0 == .joining }
        let node = people[number].node
        // Who is in no room can only join one.
        let actions = inside.isEmpty ? [("join", 1)] : workload.actions
        let chosen = world.decisions.choose(
            DecisionPoint(.workloadAction, node), of: actions.count,
            weight: { actions[$0].weight }, name: { actions[$0].name })
        guard let chosen else { return }
        guard !inside.isEmpty else {
            join(number, in: &world)
            return
        }
        let point = DecisionPoint(.workloadRoom, node)
        let room = inside[world.decisions.pick(point, of: inside.count)]
        switch actions[chosen].name {
        case "say": say(number, room, in: &world)
        case "burst": burst(number, room, in: &world)
        case "read": read(number, room, isLinearizable: false, in: &world)
        case "linearizable": read(number, room, isLinearizable: true, in: &world)
        case "join": join(number, in: &world)
        case "leave": leave(number, room, in: &world)
        case "discover":
            let order = people[number].add(.other)
            world.input(.discover(order: order, status: order % 2 == 0), to: node)
        case "quit": quit(number, in: &world)
        case "odd": sayOdd(number, room, in: &world)
        case "invite": invite(number, inside, in: &world)
        case "peek": peek(number, in: &world)
        case "search": search(number, inside, in: &world)
        default: visit(number, in: &world)
        }
    }

    private mutating func say(_ number: Int, _ room: Int, in world: inout SimulatedWorld<Self>) {
        let node = people[number].node
        let order = people[number].add(.say(room: room))
        var text = Text("\(node.name).\(order)")
        let extra = world.decisions.draw(
            DecisionPoint(.workloadText, node), in: 0...workload.text)
        // Mostly short, seldom long; and always some letters that are more than one byte.
        let length = Int(extra * extra / max(workload.text, 1))
        if length > 0 {
            text.utf8 += " é\u{301}".utf8
            text.utf8 += repeatElement(UInt8(ascii: "x"), count: length)
        }
        world.input(.say(order: order, room: roomName(room), text: text), to: node)
    }

    /// Says what nobody types.
    private mutating func sayOdd(
        _ number: Int, _ room: Int, in world: inout SimulatedWorld<Self>
    ) {
        let node = people[number].node
        let point = DecisionPoint(.workloadOddText, node)
        var odd = OddText.allCases[world.decisions.pick(point, of: OddText.allCases.count)]
        let isNamesake = personName(number) != Text(node.name)
        if odd == .empty, isNamesake || people[number].emptied.contains(room) { odd = .controls }
        if odd == .empty { people[number].emptied.append(room) }
        let order = people[number].add(.say(room: room))
        let text = odd.text("\(node.name).\(order)", setting.limits)
        world.input(.say(order: order, room: roomName(room), text: text), to: node)
    }

    /// Comes into a room, says something and is gone, all in one breath.
    private mutating func visit(_ number: Int, in world: inout SimulatedWorld<Self>) {
        guard let room = join(number, in: &world) else { return }
        say(number, room, in: &world)
        leaveAtOnce(number, room, in: &world)
    }

    private mutating func burst(
        _ number: Int, _ room: Int, in world: inout SimulatedWorld<Self>
    ) {
        let point = DecisionPoint(.workloadBurst, people[number].node)
        for _ in 0..<world.decisions.draw(point, in: 2...12) { say(number, room, in: &world) }
    }

    /// Joins a room that was not joined, and says which; nil where there is none.
    @discardableResult
    private mutating func join(_ number: Int, in world: inout SimulatedWorld<Self>) -> Int? {
        let outside = people[number].places { $0 == .outside }
        guard !outside.isEmpty else { return nil }
        let node = people[number].node
        let place = world.decisions.pick(
            DecisionPoint(.workloadRoom, node), of: outside.count)
        let room = outside[place]
        enter(number, room, in: &world)
        return room
    }

    private mutating func enter(
        _ number: Int, _ room: Int, in world: inout SimulatedWorld<Self>
    ) {
        let node = people[number].node
        let after: LogIndex? =
            switch world.decisions.pick(DecisionPoint(.workloadBegin, node), of: 3) {
            case 0: nil
            case 1: .zero
            default: people[number].shown[room]
            }
        people[number].rooms[room] = .joining
        let order = people[number].add(.join(room: room))
        // Somebody forgets to say that it shall be private.
        let isPrivate = isPrivate(room) && order % 8 != 0
        world.input(
            .join(order: order, room: roomName(room), after: after, isPrivate: isPrivate),
            to: node)
    }

    private mutating func leave(
        _ number: Int, _ room: Int, in world: inout SimulatedWorld<Self>
    ) {
        guard people[number].rooms[room] == .inside else { return }
        leaveAtOnce(number, room, in: &world)
        // Or it was refused at once.
        guard people[number].sort == .usual, people[number].rooms[room] == .leaving else { return }
        // Somebody thinks better of it, before there can be an answer.
        let point = DecisionPoint(.workloadReturn, people[number].node)
        if world.decisions.draw(point, in: 0...2) == 0 { enter(number, room, in: &world) }
    }

    private mutating func leaveAtOnce(
        _ number: Int, _ room: Int, in world: inout SimulatedWorld<Self>
    ) {
        people[number].rooms[room] = .leaving
        let order = people[number].add(.leave(room: room))
        world.input(.leave(order: order, room: roomName(room)), to: people[number].node)
    }

    mutating func read(
        _ number: Int, _ room: Int, isLinearizable: Bool,
        in world: inout SimulatedWorld<Self>
    ) {
        let node = people[number].node
        let order = people[number].add(.other)
        var request = HistoryRequest(room: roomName(room), isLinearizable: isLinearizable)
        let shown = people[number].shown[room]
        let most = UInt64(setting.limits.pageMax)
        switch world.decisions.pick(DecisionPoint(.workloadPage, node), of: 12) {
        case 0...1: request.after = shown
        case 2...3: request.before = shown.next
        case 4: (request.after, request.limit) = (.zero, 1)
        case 5: (request.before, request.limit) = (shown, 1)
        case 6: (request.after, request.limit) = (.zero, most)
        case 7: request.limit = most
        case 8: request.after = LogIndex(shown.number + 1_000_000)
        case 9: request.before = LogIndex(1)
        case 10: (request.before, request.wantsMembers) = (LogIndex(shown.number + 1), true)
        default: request.limit = order % 8 == 0 ? 1 : nil
        }
        world.input(.history(order: order, request), to: node)
    }

    mutating func quit(_ number: Int, in world: inout SimulatedWorld<Self>) {
        let node = people[number].node
        let isPolite = world.decisions.draw(DecisionPoint(.workloadQuit, node), in: 0...1) == 1
        people[number].isHere = false
        if isPolite { world.input(.quit, to: node) } else { world.crash(node, .kill) }
        world.setAlarm(Alarm.rebirth(number).number, after: .milliseconds(300))
    }

    /// Somebody who quit comes back as somebody new.
    mutating func comeBack(_ number: Int, in world: inout SimulatedWorld<Self>) {
        let node = people[number].node
        if world.isUp(node) { world.crash(node, .kill) }
        world.start(node)
    }

    /// A client runs: tells it the servers, in an order of its own.
    mutating func arrived(_ number: Int, in world: inout SimulatedWorld<Self>) {
        people[number].begin()
        let node = people[number].node
        let outer = world.decisions.subject
        people[number].lives += 1
        world.decisions.subject = DecisionSubject("life", people[number].lives)
        defer { world.decisions.subject = outer }
        var rest = setting.memberNodes
        var servers: [NodeID] = []
        while !rest.isEmpty {
            let place = world.decisions.pick(
                DecisionPoint(.workloadServers, node), of: rest.count)
            servers.append(rest.remove(at: place))
        }
        world.input(.servers(servers), to: node)
    }

    func roomName(_ number: Int) -> Text { roomNames[number] }
}
