public import StateMachine

/// How the disk of one node may fail its owner, for as long as the fault lasts.
public enum DiskTrouble: UInt8, Equatable, Sendable, CaseIterable {
    /// A sync fails, and what it should have made durable is dropped: reading it back may
    /// still show it, but it is not on the disk (Rebello et al., ATC 2020).
    case failedSync
    /// A sync answers that all is durable, and nothing is: a loss of power takes it.
    case lyingSync
    /// There is no space left.
    case full
    /// Reading fails.
    case readError
    /// Reading gives fewer bytes than there are.
    case shortRead
    /// A bit that was written and synced has changed.
    case bitFlip
    /// Reading gives bytes of another place.
    case misdirectedRead
    /// Bytes are written to another place, and what was there is lost.
    case misdirectedWrite
    /// Nothing finishes. The world does this one: it asks the journal nothing meanwhile.
    case stall

    /// Whether what was promised durable may be gone afterwards, for good. Wrong bytes that
    /// were read count: whoever changes a part of them writes the whole back.
    public var spoils: Bool {
        switch self {
        case .lyingSync, .bitFlip, .misdirectedWrite, .shortRead, .misdirectedRead: true
        case .failedSync, .full, .readError, .stall: false
        }
    }

    /// Whether it shows only where something is read, which is in a start more than ever after.
    var isOfReads: Bool {
        switch self {
        case .readError, .shortRead, .misdirectedRead: true
        case .failedSync, .lyingSync, .full, .bitFlip, .misdirectedWrite, .stall: false
        }
    }
}

extension FaultKind {
    /// What it does to a disk, where it does.
    public var trouble: DiskTrouble? {
        switch self {
        case .failedSync: .failedSync
        case .lyingSync: .lyingSync
        case .diskFull: .full
        case .readError: .readError
        case .shortRead: .shortRead
        case .bitFlip: .bitFlip
        case .misdirectedRead: .misdirectedRead
        case .misdirectedWrite: .misdirectedWrite
        case .diskStall: .stall
        default: nil
        }
    }
}

extension Fault {
    /// The node that it leaves with a disk which may have lost what it promised to keep.
    public var spoiltNode: NodeID? {
        switch self {
        case .wipe(let node): node
        case .disk(let node, let trouble) where trouble.spoils: node
        default: nil
        }
    }
}
