package import StateMachine

extension Server {
    /// How many others must tell their rounds: at least one of any quorum is among them.
    private var tellersNeeded: Int { memberCount - configuration.quorum + 1 }

    /// A server with an empty disk learns what the others know.
    package mutating func learnForRecovery(
        _ introduction: Introduction, from peer: NodeID, into effects: inout Effects<SyncNet>
    ) {
        guard recovery != nil, let theirs = introduction.formation else { return }
        guard theirs.cluster == formation?.cluster else {
            refuseForeign(peer, into: &effects)
            return
        }
        adopt(introduction.round, into: &effects)
        // A late answer to an earlier start tells what was then. One of version 1 can't show
        // that it is none, so this server waits until enough others speak version 2.
        guard introduction.nonce == nonce else {
            note(.introductionUnasked, into: &effects)
            return
        }
        // One that recovers itself has forgotten what it may have promised.
        guard theirs.disks.contains(MemberDisk(node: peer, disk: introduction.disk)) else {
            return
        }
        recovery?.told[peer] = introduction.last
        considerAdmission(into: &effects)
    }

    /// Asks to be a member again, once it holds all that it may have promised.
    package mutating func considerAdmission(into effects: inout Effects<SyncNet>) {
        let needsTellers = !bugs.contains(.p3AdmittedUnfed)
        guard let recovery, !recovery.isAsking,
            recovery.told.count >= tellersNeeded || !needsTellers,
            let following, writes.ballot == ballot
        else { return }
        let needed = recovery.told.values.max() ?? .zero
        guard log.durable >= needed, following.verified >= needed, applied >= needed else {
            note(.admissionWaitedForFeeding, into: &effects)
            return
        }
        self.recovery?.isAsking = true
        ask(.admission(MemberDisk(node: me, disk: disk)), for: .admission, into: &effects)
    }

    /// A committed entry says that a wiped server counts again, with a new disk.
    package mutating func admit(
        _ node: NodeID, _ admitted: DiskID, into effects: inout Effects<SyncNet>
    ) {
        disks[node] = admitted
        delta.admitted.append(MemberDisk(node: node, disk: admitted))
        guard node == me, admitted == disk, recovery != nil else { return }
        recovery = nil
        recoveredWith = write(.recovering(false), into: &effects)
        effects.append(.note(.admitted))
        note(.wipedServerAdmitted, into: &effects)
    }

    /// Tells the operator that this server counts again, once a crash would not undo that:
    /// only then may the next disk be taken out.
    package mutating func recoveryMayBeDurable(
        _ ticket: Ticket, into effects: inout Effects<SyncNet>
    ) {
        guard let last = recoveredWith, ticket >= last else { return }
        recoveredWith = nil
        report(.recovered, into: &effects)
    }
}
