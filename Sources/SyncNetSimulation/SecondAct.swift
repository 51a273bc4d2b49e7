import DeterministicSimulation
import StateMachine
import SyncNetProtocol

/// What stays broken in the second act, in which a majority has to make progress.
package struct SecondAct {
    /// How those outside the majority stand to it, for ever.
    package enum Rest: String, Equatable, Sendable, CaseIterable {
        /// They go on and are heard, but hear nothing: a leader among them hears no answers.
        case deaf
        /// They hear everything and are not heard.
        case mute
        /// They hear everything, and some of the majority hear them.
        case halfMute = "half-mute"
        /// They are cut off, or down.
        case cutOff = "cut-off"
        /// Datagrams go to and fro as usual, and no stream is left between them and anybody.
        case streamless
        /// The same, but clients reach them.
        case streamlessAmongServers = "streamless-among-servers"
        /// Streams are whole, and no datagram is heard.
        case datagramless
        /// Whatever has gone wrong with them, and between them and the majority, stays so.
        case asTheyAre = "as-they-are"
    }

    let majority: [NodeID]
    let rest: Rest
    /// How long it takes from the slowest of the rest to the majority and back, beyond what is
    /// usual: as long as an append from a leader there.
    var slowest = Interval.zero
    /// How long it may take until all is well.
    var bound = Interval.zero

    var words: String {
        "\(majority.map(\.name).joined(separator: ", ")) (the others are \(rest.rawValue))"
    }

    /// Whether there is one leader: of the majority, unless others can do as well.
    func isLed(by leaders: [(node: NodeID, epoch: Epoch)]) -> Bool {
        rest == .halfMute || rest == .asTheyAre
            ? !leaders.isEmpty : leaders.count { majority.contains($0.node) } == 1
    }
}

extension SyncNetSystem {
    /// Ends the first act: people ask for nothing new, and a drawn majority of the servers
    /// is healed, with all clients.
    ///
    /// Servers that lost what was on their disks need others that did not: the majority is
    /// one of whole ones. Where there are too few of these, nothing can be demanded: nil.
    /// Where members were changed, it has to be one of the members, and one of those by any log
    /// of a whole member, since whoever has it needs them.
    mutating func retire(
        _ members: [NodeID], _ byLog: [[NodeID]], in world: inout SimulatedWorld<Self>
    ) -> SecondAct? {
        isBusy = false
        if isUnformed {
            // No majority may form a cluster by itself.
            world.healAround(setting.memberNodes + people.map(\.node))
            return SecondAct(majority: setting.memberNodes, rest: .cutOff)
        }
        let councils = members.filter(isWhole).map { byLog[Int($0.rank)] } + [members]
        // Some change that nobody waits for may still come, from a server whose clock stands still:
        // there has to be a majority after it, too.
        let late = changedAt == nil ? 0 : 1
        func suffice(_ nodes: [NodeID], _ late: Int) -> Bool {
            councils.allSatisfy { 2 * $0.count(where: nodes.contains) > $0.count + late }
        }
        var majority = setting.memberNodes.filter(isWhole)
        // Where somebody still waits for a change, it may take away one that is whole.
        let isSettled = isSettled(at: world.now)
        guard suffice(majority, isSettled ? 0 : late) else { return nil }
        guard isSettled, suffice(majority, late) else {
            world.healAround(setting.memberNodes + people.map(\.node))
            return SecondAct(majority: majority, rest: .asTheyAre)
        }
        world.decisions.subject = DecisionSubject("second-act")
        defer { world.decisions.subject = .none }
        while true {
            let free = majority.filter { node in suffice(majority.filter { $0 != node }, late) }
            guard !free.isEmpty else { break }
            let place = world.decisions.pick(DecisionPoint(.faultTarget), of: free.count)
            majority.removeAll { $0 == free[place] }
        }
        let outside = setting.memberNodes.filter { !majority.contains($0) }
        let place = world.decisions.pick(DecisionPoint(.faultKind), of: scenario.rests.count)
        let rest = outside.isEmpty ? .cutOff : scenario.rests[place]
        part(majority, outside, rest, in: &world)
        // Healing ends processes, and a commit that is interrupted may hit what was whole.
        guard majority.allSatisfy(isWhole) else { return nil }
        var second = SecondAct(majority: majority, rest: rest)
        if rest != .cutOff {
            for node in outside {
                let delays = majority.map { world.delay(between: node, and: $0) }
                second.slowest = max(second.slowest, delays.max() ?? .zero)
            }
        }
        return second
    }

    private func part(
        _ majority: [NodeID], _ outside: [NodeID], _ rest: SecondAct.Rest,
        in world: inout SimulatedWorld<Self>
    ) {
        let whole = majority + people.map(\.node)
        guard rest != .cutOff else { return world.healAround(whole) }
        guard rest != .asTheyAre else {
            // A leader outside may go on leading, and no answer is faster than its network:
            // what all people wait for may be more bytes than it reads in any given time.
            world.clearWeather()
            world.clearNarrows()
            world.healAround(whole, keepingOthers: true)
            return hideStale(outside, majority, in: &world)
        }
        let keepsFaults = world.decisions.draw(DecisionPoint(.faultKind), in: 0...1) == 1
        if keepsFaults {
            // What ails them alone stays so: dead disks, crooked clocks, and who is down.
            world.clearPartitions()
            if [.halfMute, .streamlessAmongServers, .datagramless].contains(rest) {
                // Whoever may lead, or is asked by people, is as fast as its network.
                world.clearWeather()
                world.clearNarrows()
            }
            world.healAround(whole, keepingOthers: true)
        } else {
            world.healAll()
        }
        switch rest {
        case .deaf: _ = world.begin(.oneWay(from: whole, to: outside))
        case .mute: _ = world.begin(.oneWay(from: outside, to: whole))
        case .halfMute:
            let count = world.decisions.draw(
                DecisionPoint(.faultStrength), in: 1...UInt64(majority.count))
            let unhearing = Array(majority.prefix(Int(count)))
            _ = world.begin(.oneWay(from: outside, to: unhearing))
            hideStale(outside, majority, in: &world)
        case .streamless:
            let blocked = Fault.blocked(.streams, from: outside, to: whole, isBothWays: true)
            _ = world.begin(blocked)
        case .streamlessAmongServers:
            _ = world.begin(.blocked(.streams, from: outside, to: majority, isBothWays: true))
            hideStale(outside, majority, in: &world)
        case .datagramless:
            _ = world.begin(.blocked(.datagrams, from: outside, to: whole, isBothWays: true))
        case .cutOff, .asTheyAre: break
        }
    }

    /// With accounts, keeps clients from servers that follow a leader and hear no changes from it:
    /// they take former passwords, which no other one does, and nobody has to be served by them.
    private func hideStale(
        _ outside: [NodeID], _ majority: [NodeID], in world: inout SimulatedWorld<Self>
    ) {
        guard scenario.accounts != .off else { return }
        let clients = people.map(\.node)
        for node in outside {
            let isStreamless = majority.allSatisfy { other in
                world.isCut(from: node, to: other, for: .streams)
                    || world.isCut(from: other, to: node, for: .streams)
            }
            guard isStreamless else { continue }
            world.begin(.blocked(.streams, from: [node], to: clients, isBothWays: true))
        }
    }

    /// Begins the third act: nothing is wrong any more, and nobody says anything.
    mutating func reunite(in world: inout SimulatedWorld<Self>) {
        world.healAround(setting.memberNodes + people.map(\.node))
    }

    /// Who follows which room, and has to be shown all of it: those whose clients do that.
    var followings: [(client: NodeID, room: Text)] {
        people.filter { $0.isHere && $0.sort == .usual }.flatMap { person in
            person.places { $0 == .inside }.map { (person.node, roomName($0)) }
        }
    }

    /// Everybody reads every room once more, so that what was acknowledged must be there.
    mutating func readAll(in world: inout SimulatedWorld<Self>) {
        world.decisions.subject = DecisionSubject("last-reads")
        defer { world.decisions.subject = .none }
        for number in people.indices where people[number].isHere {
            guard people[number].isMember else { continue }
            guard world.isUp(people[number].node) else { continue }
            for room in 0..<Int(workload.rooms) {
                let order = people[number].add(.other)
                let request = HistoryRequest(room: roomName(room), isLinearizable: true)
                world.input(.history(order: order, request), to: people[number].node)
            }
        }
    }
}
