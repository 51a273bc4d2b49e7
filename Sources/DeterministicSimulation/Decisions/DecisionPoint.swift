public import StateMachine

/// Which part of a run a decision belongs to. Each part draws from a generator of its own,
/// so that more draws in one part do not change another.
public enum DecisionSource: UInt8, Equatable, Sendable, CaseIterable {
    /// Loss, delay, doubling and chunks.
    case network
    /// Which faults happen, when, to whom.
    case faults
    /// How long journals take, and what survives in them.
    case disk
    /// The moments at which timers fire, and how clocks run.
    case timers
    /// What the users of the system under test do.
    case workload
}

/// What sort of choice is made, by name. Systems add their own:
///
/// ```swift
/// extension DecisionKind {
///     static let nextSay = DecisionKind("workload.nextSay", from: .workload)
/// }
/// ```
public struct DecisionKind: Sendable {
    /// The name, as it stands in recordings: two words joined by a dot, without spaces.
    public let name: StaticString
    /// Which generator draws it.
    public let source: DecisionSource

    /// Makes a kind.
    public init(_ name: StaticString, from source: DecisionSource) {
        self.name = name
        self.source = source
    }
}

extension DecisionKind {
    /// Whether a datagram is lost.
    public static let packetLost = DecisionKind("packet.lost", from: .network)
    /// How long a datagram takes.
    public static let packetDelay = DecisionKind("packet.delay", from: .network)
    /// Whether a datagram arrives twice.
    public static let packetDoubled = DecisionKind("packet.doubled", from: .network)
    /// Whether a datagram is held back so that later ones overtake it.
    public static let packetHeldBack = DecisionKind("packet.heldBack", from: .network)
    /// How much later one arrives that is held back.
    public static let packetHeldFor = DecisionKind("packet.heldFor", from: .network)
    /// How much longer something takes while all is slow.
    public static let weatherDelay = DecisionKind("weather.delay", from: .network)
    /// The same, in times when delays are of another kind.
    public static let weatherOddDelay = DecisionKind("weather.oddDelay", from: .network)
    /// How long bytes of a stream take.
    public static let streamDelay = DecisionKind("stream.delay", from: .network)
    /// How often bytes of a stream were lost and have to be sent again.
    public static let streamSentAgain = DecisionKind("stream.sentAgain", from: .network)
    /// Whether bytes that left together arrive in two parts.
    public static let streamCut = DecisionKind("stream.cut", from: .network)
    /// After how many bytes the first part ends.
    public static let streamCutAt = DecisionKind("stream.cutAt", from: .network)
    /// How long the opening of a stream takes, one way.
    public static let streamOpening = DecisionKind("stream.opening", from: .network)
    /// How often an attempt to open a stream, or the answer to it, is lost.
    public static let streamAskedAgain = DecisionKind("stream.askedAgain", from: .network)
    /// Whether an attempt to open a stream waits for the start of the process.
    public static let streamWaits = DecisionKind("stream.waits", from: .network)
    /// After how long a side gives a silent stream up.
    public static let streamGiveUp = DecisionKind("stream.giveUp", from: .network)
    /// Whether a dying process's last bytes still arrive.
    public static let streamLastBytes = DecisionKind("stream.lastBytes", from: .network)
    /// When an armed timer fires.
    public static let timerMoment = DecisionKind("timer.moment", from: .timers)
    /// In which order a node that stood still comes to what waited for it.
    public static let wakeOrder = DecisionKind("wake.order", from: .faults)
    /// How far a node's clock is from true time.
    public static let clockOffset = DecisionKind("clock.offset", from: .timers)
    /// How long a commit takes.
    public static let diskCommit = DecisionKind("disk.commit", from: .disk)
    /// How long a query takes.
    public static let diskQuery = DecisionKind("disk.query", from: .disk)
    /// At which step a crash interrupts a commit.
    public static let diskInterrupted = DecisionKind("disk.interrupted", from: .disk)
    /// Whether a sector that was written but not synced survives.
    public static let diskSectorKept = DecisionKind("disk.sectorKept", from: .disk)
    /// When the next fault begins.
    public static let faultMoment = DecisionKind("fault.moment", from: .faults)
    /// How long until the next step of a fault.
    public static let faultPause = DecisionKind("fault.pause", from: .faults)
    /// Which fault it is.
    public static let faultKind = DecisionKind("fault.kind", from: .faults)
    /// Whom it hits.
    public static let faultTarget = DecisionKind("fault.target", from: .faults)
    /// Whether it waits for a start, where it can.
    public static let faultOfStart = DecisionKind("fault.ofStart", from: .faults)
    /// How long it lasts.
    public static let faultDuration = DecisionKind("fault.duration", from: .faults)
    /// How strong it is.
    public static let faultStrength = DecisionKind("fault.strength", from: .faults)
    /// How long after its beginning a commit is interrupted.
    public static let crashMoment = DecisionKind("crash.moment", from: .faults)
    /// Whether a crash takes the machine's power or only the process.
    public static let crashKind = DecisionKind("crash.kind", from: .faults)
}

/// One place at which a choice is made: its kind, and the nodes that it is about.
///
/// Together with the ``Decisions/subject`` of the moment, and with how often that was asked
/// before, this is the *name* of the choice. Recordings know choices by their names, so a name
/// has to mean the same in every run and must not shift when something else is left out:
///
/// - What belongs to one strike of a nemesis, or to one thing that a person does, is drawn
///   while ``Decisions/subject`` says so (`("strike", 3)`, `("act", 7)`). The number counts the
///   occasions, also those on which nothing is done.
/// - When the next occasion comes is drawn with ``Decisions/pause(_:from:in:)``, under the
///   subject of *that* occasion: a recording keeps the moment, which stays where it is when an
///   earlier occasion is left out.
/// - Whether something is done, and what, is drawn with
///   ``Decisions/choose(_:of:weight:name:)``. Who is not told chooses nothing.
/// - Everything else has the lower end of its range, or false, where nothing else is said: let
///   that be the harmless value.
/// - Messages and timers get their subject from the codec
///   (``SimulatedCodec/label(of:)``, ``SimulatedCodec/subject(of:)``).
/// - Two choices that are not always made together have kinds of their own.
public struct DecisionPoint: Sendable {
    /// The sort of choice.
    public var kind: DecisionKind
    /// The node that it is about.
    public var node: NodeID?
    /// The other node, where there are two.
    public var other: NodeID?

    /// Makes a point.
    public init(_ kind: DecisionKind, _ node: NodeID? = nil, _ other: NodeID? = nil) {
        self.kind = kind
        self.node = node
        self.other = other
    }
}
