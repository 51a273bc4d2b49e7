import DeterministicSimulation
import StateMachine
import SyncNetProtocol

extension DecisionKind {
    static let swarm = DecisionKind("setting.swarm", from: .workload)
    static let swarmFamily = DecisionKind("setting.family", from: .faults)
    static let swarmKind = DecisionKind("setting.kind", from: .faults)
    static let swarmWeight = DecisionKind("setting.weight", from: .faults)
    static let swarmLeaderKind = DecisionKind("setting.leaderKind", from: .faults)
}

/// Draws one run from a profile. Every draw has a name of its own, so that one more changes
/// no other.
struct Swarm {
    private enum Choice: UInt32 {
        case servers, clients, timing, length, orders, rooms, outstanding, text, plain, stubborn
        case burst, read, linearizable, join, leave, discover, quit, odd, visit, storm, crowd
        case storage, limits, delay, loss, doubling, holdingBack, disk, slowly, isCalm, strikes
        case atOnce, down, lasting, share, by, hasLeaderFaults, leaderStrikes, leaderLasting
        case rolling, faultPoints, oddNames, nonsense, shortest
        case privateRooms, invite, peek
        case isChanging, spares, changes, ambush, back, isEven
        case search
        case hasAccounts, accounts
        case sharedNames
        case mtu, narrow, buffer, pieces, rate, step
    }

    private let profile: SwarmProfile
    private var scenario: Scenario

    private init(_ profile: SwarmProfile) {
        self.profile = profile
        scenario = Scenario(name: profile.name)
    }

    /// The scenario of one seed.
    static func scenario(
        from profile: SwarmProfile, _ decisions: inout Decisions
    ) -> Scenario {
        var swarm = Swarm(profile)
        swarm.scenario.about = profile.about
        swarm.scenario.bugs = profile.bugs
        swarm.scenario.rests = [
            .deaf, .mute, .halfMute, .cutOff, .asTheyAre, .asTheyAre, .streamless,
            .streamlessAmongServers, .datagramless,
        ]
        swarm.drawCluster(&decisions)
        swarm.drawWorkload(&decisions)
        swarm.drawSurroundings(&decisions)
        swarm.drawFaults(&decisions)
        return swarm.scenario
    }

    private func draw(
        _ choice: Choice, _ range: ClosedRange<UInt64>, _ decisions: inout Decisions
    ) -> UInt64 {
        decisions.draw(DecisionPoint(.swarm, NodeID(choice.rawValue)), in: range)
    }

    private func happens(
        _ choice: Choice, percent: UInt64, _ decisions: inout Decisions
    ) -> Bool {
        draw(choice, 0...99, &decisions) < percent
    }

    private func pick<Value>(
        _ choice: Choice, of values: [Value], _ decisions: inout Decisions
    ) -> Value {
        values[Int(draw(choice, 0...UInt64(values.count - 1), &decisions))]
    }

    /// Each power of two as likely, so that small numbers come as often as large ones.
    private func skewed(
        _ choice: Choice, _ range: ClosedRange<UInt64>, _ decisions: inout Decisions
    ) -> UInt64 {
        let low = max(range.lowerBound, 1)
        let doublings = UInt64(
            (range.upperBound / low).bitWidth - 1
                - (range.upperBound / low).leadingZeroBitCount)
        // Sixteen steps between two powers of two.
        let step = draw(choice, 0...doublings * 16 + 15, &decisions)
        let scaled = (low << (step / 16)) * (16 + step % 16) / 16
        return min(max(scaled, range.lowerBound), range.upperBound)
    }
}

// The cluster and those who use it.
extension Swarm {
    private mutating func drawCluster(_ decisions: inout Decisions) {
        let sizes: [UInt64] = [1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 6, 7, 8, 9]
        let fitting = sizes.filter { profile.servers.contains($0) }
        let servers = pick(
            .servers, of: fitting.isEmpty ? [profile.servers.lowerBound] : fitting, &decisions)
        scenario.servers = servers...servers
        let clients = skewed(.clients, profile.clients, &decisions)
        scenario.clients = clients...clients
        let timing = pick(.timing, of: profile.timings, &decisions)
        scenario.timings = [timing]
        let length = draw(.length, profile.length, &decisions)
        let duration = timing.timing.death * length
        scenario.duration = duration...duration
        scenario.storage =
            happens(.storage, percent: profile.memoryPercent, &decisions) ? .memory : .sqlite
        scenario.hasSmallLimits = happens(
            .limits, percent: profile.smallLimitsPercent, &decisions)
        scenario.hasFaultPoints = happens(
            .faultPoints, percent: profile.faultPointsPercent, &decisions)
        scenario.hasOddNames = happens(
            .oddNames, percent: profile.oddNamesPercent, &decisions)
        scenario.hasNonsense = happens(
            .nonsense, percent: profile.nonsensePercent, &decisions)
        drawChanges(servers, timing.timing.death, &decisions)
    }

    /// Some of the servers are no members at first, and an operator changes who is.
    private mutating func drawChanges(
        _ servers: UInt64, _ death: Interval, _ decisions: inout Decisions
    ) {
        guard servers > 1, happens(.isChanging, percent: profile.changingPercent, &decisions)
        else { return }
        var spares = draw(.spares, 0...servers / 2, &decisions)
        // Two changes from an even number of members may have majorities with nobody in common.
        let isOdd = (servers - spares) % 2 == 1
        if isOdd, servers - spares > 3, happens(.isEven, percent: 70, &decisions) { spares += 1 }
        scenario.spares = spares...spares
        let most = pick(.changes, of: [death / 10, death, death * 6], &decisions)
        scenario.changes = most / 20...most
        // Who was removed may be back at once, or after a while.
        let back = pick(.back, of: [death / 5, death * 2, death * 6], &decisions)
        scenario.operatorPause = back / 20...back
    }

    private var duration: Interval { scenario.duration.lowerBound }

    private mutating func drawWorkload(_ decisions: inout Decisions) {
        let orders = skewed(.orders, profile.orders, &decisions)
        var workload = Workload()
        workload.pause =
            .microseconds(
                100)...max(
                .microseconds(200), duration * 2 / orders)
        workload.rooms = skewed(.rooms, 1...40, &decisions)
        workload.outstanding = skewed(.outstanding, 1...32, &decisions)
        workload.text = pick(.text, of: [20, 20, 200, 200, 200, 2_000, 16_000], &decisions)
        let weights: [UInt32] = [0, 2, 8, 8, 30]
        workload.burst = pick(.burst, of: [0, 2, 4, 8, 15], &decisions)
        workload.read = pick(.read, of: weights, &decisions)
        workload.linearizable = pick(.linearizable, of: weights, &decisions)
        workload.join = pick(.join, of: weights, &decisions)
        workload.leave = pick(.leave, of: [0, 2, 4, 8], &decisions)
        workload.discover = pick(.discover, of: [0, 1, 2, 8, 40], &decisions)
        // In a run that takes much longer than anybody tries again, so many may come and go that
        // sessions are forgotten.
        let isLong = scenario.timings != [.lan]
        workload.quit = pick(.quit, of: isLong ? [0, 1, 4, 20, 80] : [0, 1, 1, 4, 10], &decisions)
        if workload.quit == 80 {
            let least = workload.pause.lowerBound
            workload.pause = least...max(least * 2, workload.pause.upperBound / 3)
        }
        workload.odd = pick(.odd, of: [0, 1, 4, 15], &decisions)
        workload.visit = pick(.visit, of: [0, 0, 4, 15], &decisions)
        workload.privatePercent = pick(.privateRooms, of: [0, 0, 0, 30, 100], &decisions)
        if workload.privatePercent > 0 {
            workload.invite = pick(.invite, of: [2, 8, 20], &decisions)
            workload.peek = pick(.peek, of: [0, 4, 20], &decisions)
        }
        workload.search = pick(.search, of: [0, 0, 0, 2, 8], &decisions)
        if happens(.storm, percent: 5, &decisions) {
            let crowd = draw(.crowd, 5...25, &decisions)
            workload.storm = Storm(at: duration / 3, clients: crowd)
        }
        scenario.workload = workload
        scenario.plainPercent = pick(.plain, of: [0, 0, 0, 20, 50], &decisions)
        scenario.stubbornPercent = pick(.stubborn, of: [0, 0, 0, 30, 50], &decisions)
        drawAccounts(&decisions)
    }

    /// Only a client that can log in has an account. With accounts, members are an operator's
    /// business, and these have no one.
    private mutating func drawAccounts(_ decisions: inout Decisions) {
        defer {
            scenario.hasSharedNames =
                scenario.accounts == .off
                && happens(.sharedNames, percent: profile.sharedNamesPercent, &decisions)
        }
        guard scenario.changes == nil,
            happens(.hasAccounts, percent: profile.accountsPercent, &decisions)
        else { return }
        scenario.accounts = pick(.accounts, of: [.optional, .required], &decisions)
        guard scenario.accounts == .required else { return }
        scenario.plainPercent = 0
        scenario.stubbornPercent = 0
    }

    private mutating func drawSurroundings(_ decisions: inout Decisions) {
        let timing = scenario.timings[0].timing
        // A hop has to fit into the time that a neighbour gets for it.
        let slowest = timing.hop.nanoseconds / 4
        let delay = Interval(
            nanoseconds: skewed(.delay, 200_000...max(slowest, 400_000), &decisions))
        scenario.network.delay = .microseconds(50)...delay
        let shares: [UInt32] = [0, 0, 0, 0, 1_000, 5_000, 20_000]
        scenario.network.loss = pick(.loss, of: shares, &decisions)
        scenario.network.doubling = pick(.doubling, of: shares, &decisions)
        scenario.network.holdingBack = pick(.holdingBack, of: shares, &decisions)
        scenario.disk.slow = pick(.disk, of: shares, &decisions)
        let most = skewed(.slowly, 30_000_000...timing.death.nanoseconds, &decisions)
        scenario.disk.slowly = .milliseconds(20)...Interval(nanoseconds: most)
    }
}

// What goes wrong.
extension Swarm {
    private mutating func drawFaults(_ decisions: inout Decisions) {
        guard !happens(.isCalm, percent: profile.calmPercent, &decisions) else {
            scenario.network.loss = 0
            scenario.network.doubling = 0
            scenario.network.holdingBack = 0
            return
        }
        let kinds = drawKinds(&decisions)
        let death = scenario.timings[0].timing.death
        let most = pick(.lasting, of: [death / 2, death * 2, death * 6], &decisions)
        // A supervisor may have a server back in no time.
        let least = death / pick(.shortest, of: [20, 20, 500], &decisions)
        let strikes = skewed(.strikes, profile.strikes, &decisions)
        let mean = duration / strikes
        var faults = FaultProfile(
            kinds.map { kind in
                let point = DecisionPoint(.swarmWeight, NodeID(UInt32(kind.rawValue)))
                let weight = UInt32(decisions.draw(point, in: 1...4))
                // Who replaces a disk may have the next one ready: words of the former one are
                // still under way then.
                let shortest = kind == .wipe ? death / 1_000 : least
                return FaultChoice(kind, weight: weight, lasting: shortest...most)
            }, pause: mean / 4...mean * 7 / 4)
        faults.atOnce = Int(draw(.atOnce, 1...6, &decisions))
        faults.down = happens(.down, percent: 60, &decisions) ? .minority : .all
        faults.packetsPerMillion = 1_000...pick(.share, of: [20_000, 200_000, 600_000], &decisions)
        faults.delay = death / 500...pick(.by, of: [death / 50, death / 5, death], &decisions)
        drawStrengths(of: &faults, &decisions)
        scenario.faults = faults
        drawLeaderFaults(faults, &decisions)
        if happens(.rolling, percent: 6, &decisions) {
            scenario.rolling = Rolling(
                pause: death...death * 4, down: death / 10...death * 2)
        }
    }

    /// How strong faults are of which no time says how strong they have to be to matter: as usual
    /// in half of the runs, otherwise barely to be felt, or out of all bounds.
    private func drawStrengths(of faults: inout FaultProfile, _ decisions: inout Decisions) {
        let usual = faults
        faults.mtu = pick(
            .mtu, of: [usual.mtu, usual.mtu, 1...80, 1_200...9_000], &decisions)
        let rates = usual.bytesPerSecond
        faults.bytesPerSecond = pick(
            .narrow, of: [rates, rates, 500...10_000, 500_000...20_000_000], &decisions)
        let buffers = usual.bufferBytes
        faults.bufferBytes = pick(
            .buffer, of: [buffers, buffers, 300...2_000, 50_000...1_000_000], &decisions)
        let pieces = usual.pieceBytes
        faults.pieceBytes = pick(.pieces, of: [pieces, pieces, 1...3, 500...20_000], &decisions)
        let clocks = usual.clockRate
        faults.clockRate = pick(
            .rate, of: [clocks, clocks, 999_000...1_001_000, 500_000...2_000_000], &decisions)
        let steps: [ClosedRange<Interval>] = [
            usual.wallStep, usual.wallStep, .milliseconds(1)...(.seconds(2)),
            .seconds(86_400)...(.seconds(10 * 86_400)),
        ]
        faults.wallStep = pick(.step, of: steps, &decisions)
    }

    /// The kinds of fault that happen at all: every family is on or off, and in one that is
    /// on every kind.
    private func drawKinds(_ decisions: inout Decisions) -> [FaultKind] {
        var kinds: [FaultKind] = []
        for (number, family) in FaultFamily.allCases.enumerated() {
            let point = DecisionPoint(.swarmFamily, NodeID(UInt32(number)))
            let isOn = decisions.draw(point, in: 0...99) < profile.familyPercent
            guard isOn, profile.families.contains(family) else { continue }
            kinds += FaultKind.allCases.filter { kind in
                guard kind.family == family else { return false }
                let point = DecisionPoint(.swarmKind, NodeID(UInt32(kind.rawValue)))
                return decisions.draw(point, in: 0...99) < profile.kindPercent
            }
        }
        return kinds
    }

    private mutating func drawLeaderFaults(
        _ faults: FaultProfile, _ decisions: inout Decisions
    ) {
        // Whoever leads while members change has most to do that can be interrupted.
        let isChanging = scenario.changes != nil
        let percent = isChanging ? max(profile.leaderPercent, 80) : profile.leaderPercent
        guard happens(.hasLeaderFaults, percent: percent, &decisions) else { return }
        let death = scenario.timings[0].timing.death
        let strikes = draw(.leaderStrikes, 2...15, &decisions)
        let most = pick(.leaderLasting, of: [death / 2, death * 2, death * 6], &decisions)
        let mean = duration / strikes
        var aimed = faults
        aimed.pause = mean / 4...mean * 7 / 4
        aimed.choices = FaultKind.allCases.filter { kind in
            guard kind.hitsLeaders, profile.families.contains(kind.family) else { return false }
            let point = DecisionPoint(.swarmLeaderKind, NodeID(UInt32(kind.rawValue)))
            return decisions.draw(point, in: 0...99) < profile.kindPercent
        }.map { FaultChoice($0, lasting: death / 20...most) }
        if isChanging {
            // What one part of the network has agreed to, and another has not, matters most then.
            aimed.choices.removeAll { $0.kind == .halves }
            aimed.choices.append(FaultChoice(.halves, weight: 8, lasting: death / 20...most))
        }
        scenario.leaderFaults = aimed
        let shares: [UInt64] = isChanging ? [0, 100, 30, 100] : [0, 0, 30, 100]
        scenario.ambushPercent = pick(.ambush, of: shares, &decisions)
    }
}
