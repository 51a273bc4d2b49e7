package import StateMachine

/// A server that has never taken part looks for the others.
package struct Joining: Equatable, Sendable {
    /// What the others told, by node.
    package var heard = NodeMap<Introduction>()
    /// The disks of all that were new in the former look, by node.
    package var former = NodeMap<DiskID>()
    /// How often it has found all new and looked again.
    package var looks: UInt64 = 0
    /// How often it has introduced itself.
    package var attempts: UInt64 = 0
    /// Since when.
    package var since: Instant
    /// Whether its formation is being written.
    package var isForming = false
}

/// What a server with an empty disk still has to learn before it votes and counts again.
package struct DiskRecovery: Equatable, Sendable {
    /// The last index of each other server that told its round since this start.
    package var told = NodeMap<LogIndex>()
    /// Whether the leader has been asked for admission.
    package var isAsking = false

    package init() {}
}

extension ClusterID {
    /// The name of the cluster that these members form with these disks (FNV-1a, 64 bits).
    package init(members: [Text], disks: [MemberDisk]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        for member in members {
            member.utf8.forEach(mix)
            mix(0xFF)
        }
        for disk in disks {
            for shift in stride(from: 0, to: 64, by: 8) {
                mix(UInt8(truncatingIfNeeded: disk.disk.number >> UInt64(shift)))
            }
            mix(UInt8(truncatingIfNeeded: disk.node.rank))
        }
        self.init(hash)
    }
}
