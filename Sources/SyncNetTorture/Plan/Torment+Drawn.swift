import StateMachine

extension Torment {
    /// A torment of that kind; `server` is the one that suffers most.
    static func drawn(
        _ kind: TormentKind, _ server: Int, among servers: Int, _ dice: inout Generator
    ) -> Torment {
        switch kind {
        case .kill: Torment(kind, [.kill(server)])
        case .restart: Torment(kind, [.restart(server)])
        case .wipe: Torment(kind, [.wipe(server)])
        case .removal: Torment(kind, [.remove(server)])
        case .freeze: Torment(kind, [.freeze(server)])
        case .blackout: Torment(kind, (0..<servers).map { .kill($0) })
        case .rolledBack: Torment(kind, [.rollBack])
        case .fullDisk: Torment(kind, [.fill(server)])
        case .clockStep: Torment(kind, [.step(server, seconds: seconds(&dice))])
        case .unplugged: Torment(kind, [.unplug(server)])
        case .filtered: Torment(kind, [.filter(server, incoming: dice.chance(1, in: 2))])
        case .orphaned: Torment(kind, [.orphan(server)])
        case .reset: Torment(kind, [.reset(some(among: servers, &dice))])
        case .delay, .loss, .duplication, .reordering:
            Torment(kind, [.weather(weather(kind, &dice), some(among: servers, &dice))])
        default:
            Torment(kind, cutting(cut(kind, server, among: servers, &dice), &dice))
        }
    }

    /// A broken stream tells servers at once that something is wrong, a silent one does not.
    private static func cutting(_ links: [Link], _ dice: inout Generator) -> [Action] {
        (dice.chance(1, in: 2) ? [.reset(links)] : []) + [.weather(.cut, links)]
    }

    /// Up to a day, forwards or back.
    private static func seconds(_ dice: inout Generator) -> Int {
        let most = dice.pick([2, 60, 3_600, 86_400] as [UInt64])
        return Int(dice.within(1...most)) * (dice.chance(1, in: 2) ? 1 : -1)
    }

    private static func weather(_ kind: TormentKind, _ dice: inout Generator) -> Weather {
        var weather = Weather()
        switch kind {
        case .delay:
            let least = dice.within(1_000...150_000)
            weather.delay = least...least + dice.within(0...50_000)
        case .loss: weather.lossPercent = dice.within(1...50)
        case .duplication:
            weather.doublePercent = dice.within(5...100)
            weather.delay = 0...20_000
        default: weather.delay = 0...dice.within(1_000...120_000)
        }
        return weather
    }

    /// All links, or each with even chances.
    private static func some(among servers: Int, _ dice: inout Generator) -> [Link] {
        let all = Link.all(among: servers)
        if dice.chance(1, in: 2) { return all }
        let some = all.filter { _ in dice.chance(1, in: 2) }
        return some.isEmpty ? [dice.pick(all)] : some
    }

    /// The links that are cut.
    private static func cut(
        _ kind: TormentKind, _ server: Int, among servers: Int, _ dice: inout Generator
    ) -> [Link] {
        let all = Link.all(among: servers)
        // Numbers that say nothing: who stands where is drawn.
        let order = shuffled(servers, &dice)
        switch kind {
        case .halves:
            let left = Set(order.prefix(servers / 2))
            return all.filter { left.contains($0.from) != left.contains($0.to) }
        case .oneWay:
            let isDeaf = dice.chance(1, in: 2)
            return all.filter { (isDeaf ? $0.to : $0.from) == server }
        case .pair: return all.filter { Set([$0.from, $0.to]) == Set(order.prefix(2)) }
        case .bridge:
            let left = Set(order[1...servers / 2])
            return all.filter {
                $0.from != order[0] && $0.to != order[0]
                    && left.contains($0.from) != left.contains($0.to)
            }
        case .ring:
            let place = Dictionary(uniqueKeysWithValues: zip(order, 0...))
            // Of three servers all are neighbours: there one link in the ring is missing.
            let isWhole = servers > 3
            return all.filter { link in
                guard let from = place[link.from], let to = place[link.to] else { return false }
                let distance = (to - from + servers) % servers
                let near = (servers / 2 + 1) / 2
                return isWhole ? min(distance, servers - distance) > near : from + to == 1
            }
        case .partial: return some(among: servers, &dice)
        default: return all.filter { $0.from == server || $0.to == server }
        }
    }

    /// The numbers below `count`, in any order.
    static func shuffled(_ count: Int, _ dice: inout Generator) -> [Int] {
        var rest = Array(0..<count)
        return (0..<count).map { _ in rest.remove(at: Int(dice.below(UInt64(rest.count)))) }
    }
}
