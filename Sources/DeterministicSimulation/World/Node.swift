public import StateMachine

/// What a node is to the system.
public enum Role: UInt8, Equatable, Sendable {
    /// One of those that make the system: faults hit it.
    case member
    /// One that uses it: faults may cut it off from members.
    case client
}

/// What the world knows of a node, beside its machine.
@usableFromInline
struct Node {
    @usableFromInline let id: NodeID
    let role: Role
    var clock: NodeClock
    /// What its clocks count in a million of true time where no fault meddles.
    @usableFromInline var ownRate: UInt32
    /// Its process runs (or stands still).
    @usableFromInline var isUp = false
    /// Its kernel answers.
    var isPowered = true
    @usableFromInline var isPaused = false
    /// How much later than it comes it handles everything, in nanoseconds.
    var lag: UInt64 = 0
    /// Tells what waits by the present lag from what waited by an earlier one.
    var lagSerial: UInt64 = 0
    /// It asked to end; carried out after its effects.
    @usableFromInline var isHalting = false
    /// Fault that waits for its next commit; -1 for none.
    var ambush = -1
    /// Its disk may have lost what it had promised to keep.
    @usableFromInline var isSpoilt = false
    /// Its disk does nothing at present.
    @usableFromInline var hasStalled = false
    /// What its disk does when it goes on: a start, or the operation under way.
    var stalled: [Due] = []
    /// It writes and reads the former version of the message format.
    @usableFromInline var speaksFormer = false
    /// It will after its next start.
    @usableFromInline var willSpeakFormer = false
    var strain = Strain()
    /// When it reads from its streams again, where it is a slow reader.
    var readsAgain: UInt64 = 0
    /// How many times it has started.
    @usableFromInline var boot: UInt32 = 0
    /// A start is on its way.
    var isStarting = false
    /// What arrived while it stood still, or has to wait since it is slow.
    var backlog: [Due] = []
    /// Attempts to open a stream that wait for its start: the ends of those who call.
    var callers: [Int] = []
    /// Its ends of streams that are not closed, in the order of their opening.
    var ends: [Int] = []

    init(id: NodeID, role: Role, clock: NodeClock) {
        self.id = id
        self.role = role
        self.clock = clock
        ownRate = clock.rate
    }

    @usableFromInline var rate: UInt32 { clock.rate }

    /// Whether what comes for it waits.
    var isHindered: Bool { isPaused || lag > 0 }
}
