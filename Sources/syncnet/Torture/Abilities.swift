import Foundation
import SyncNetTorture

/// What can be done to servers on this machine, by this user.
struct Abilities: Equatable, Sendable {
    /// Where servers live.
    enum Mode: String, CaseIterable, Sendable {
        /// On the loopback interface, behind a relay.
        case proxies
        /// The same, each in a network namespace of its own.
        case namespaces
    }

    var mode: Mode
    var hasDisks = false
    var hasClock = false
    var hasFilters = false
    /// What is left out, and why.
    private(set) var leftOut: [String] = []

    /// Finds out. Without a mode that is asked for, namespaces are taken where they can be made.
    static func found(asked: Mode?) throws -> Abilities {
        let isRoot = geteuid() == 0
        let hasNamespaces = Namespaces.arePossible
        if asked == .namespaces, !hasNamespaces {
            throw Failure("namespaces need \(Namespaces.needs)")
        }
        var abilities = Abilities(mode: asked ?? (hasNamespaces ? .namespaces : .proxies))
        if abilities.mode == .proxies {
            let reason = asked == nil ? "need root and iproute2" : "not asked for"
            abilities.leftOut.append("namespaces (\(reason))")
        }
        abilities.hasFilters = abilities.mode == .namespaces && Tool.path(of: "nft") != nil
        if abilities.mode == .namespaces, !abilities.hasFilters {
            abilities.leftOut.append("cuts by the kernel (install nftables)")
        }
        abilities.hasDisks = isRoot && Tool.run(["unshare", "--mount", "true"]).code == 0
        if !abilities.hasDisks { abilities.leftOut.append("full disks (need root)") }
        abilities.hasClock = FakeClock.library != nil
        if !abilities.hasClock { abilities.leftOut.append("clock steps (install faketime)") }
        return abilities
    }

    /// The kinds of torments.
    var kinds: [TormentKind] {
        TormentKind.everywhere + (hasDisks ? [.fullDisk] : []) + (hasClock ? [.clockStep] : [])
            + (mode == .namespaces ? [.unplugged] : [])
            + (hasFilters ? [.filtered, .orphaned] : [])
    }
}
