import StateMachine

/// Troubles of disks, no more spoilt ones at a time than the profile allows.
extension Fabric {
    mutating func wipe(_ profile: FaultProfile) -> Fault? {
        pick(emptiable(spoilable(fitMembers(profile), profile), profile)).map { .wipe($0) }
    }

    /// Those whose disks may be emptied now. Nobody can tell a majority of empty disks from the
    /// first day, so that of disks with nothing on them there is a minority at a time, whatever
    /// else is spoilt.
    private func emptiable(_ slots: [Int], _ profile: FaultProfile) -> [Int] {
        guard profile.spoilt == .all else { return slots }
        let members = memberSlots
        let spoilt = members.count { nodes[$0].isSpoilt }
        let most = DownLimit.minority.most(of: members.count)
        return slots.filter { spoilt - (nodes[$0].isSpoilt ? 1 : 0) < most }
    }

    mutating func diskFault(_ trouble: DiskTrouble, _ profile: FaultProfile) -> Fault? {
        let free = memberSlots.filter { !isInForce(.disk(nodes[$0].id, trouble)) }
        let fit = trouble.spoils ? spoilable(free, profile) : free
        return pick(trouble.isOfReads ? readers(of: fit) : fit).map { .disk($0, trouble) }
    }

    /// Half of the time only those that are down: their starts will read all that they have.
    private mutating func readers(of slots: [Int]) -> [Int] {
        let down = slots.filter { !nodes[$0].isUp }
        guard !down.isEmpty, decisions.draw(DecisionPoint(.faultOfStart), in: 0...1) == 1
        else { return slots }
        return down
    }

    /// Those of the given members whose disks may be spoilt now.
    private func spoilable(_ slots: [Int], _ profile: FaultProfile) -> [Int] {
        let members = memberSlots
        let spoilt = members.count { nodes[$0].isSpoilt }
        guard spoilt >= profile.spoilt.most(of: members.count) else { return slots }
        return slots.filter { nodes[$0].isSpoilt }
    }

    /// Whether just this is in force.
    @usableFromInline
    func isInForce(_ fault: Fault) -> Bool {
        faults.contains { !$0.isOver && $0.fault == fault }
    }
}
