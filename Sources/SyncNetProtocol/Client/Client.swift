import DequeModule
public import StateMachine

/// A participant that chats: it numbers what it asks for, finds a server that answers, and
/// shows every message of its rooms once and in order, whatever happens to servers and ways.
///
/// - An order is sent again, under its number, until it is answered: so it is done once.
/// - A room is followed from where it was last shown, on whatever server comes next.
/// - A server that does not answer is given up for the next one of the list.
///
/// A room that its owner left is forgotten: joining it again follows it from where the owner
/// says. A room that is joined twice goes on after what was shown.
public struct Client: StateMachine, Equatable {
    /// SyncNet's.
    public typealias Words = SyncNet

    /// Who it is.
    public let me: NodeID
    package let name: Text
    let timing: Timing
    /// How much it takes on, and of the servers' limits what it has learned.
    private(set) var limits: Limits
    let bugs: PlantedBugs
    /// What it logs in with; nil where it does not.
    var password: Text?
    /// How often a login was refused since anything came from a server that is with the others: one
    /// that was cut off when the password changed lets it in.
    var loginsRefused = 0
    var clock: LamportClock
    /// Whether a server's stamp was ever seen. The first one is believed: a cluster may be
    /// further than any leap when a client is new.
    var hasHeard = false
    var servers: [NodeID] = []
    var link = Link.idle
    /// Tries without an answer that got anywhere, since the last one that did.
    var failures: UInt32 = 0
    /// How often in a row this server said to try again.
    var pauses: UInt32 = 0
    /// How often in a row quiet servers said that they know no leader.
    var leaderlessSigns: UInt32 = 0
    /// How many of them in a row were left for that.
    var leaderlessLeavings: UInt32 = 0
    /// Whether `answer` is armed.
    var isWatching = false
    var session: ClientSession
    /// Not numbered yet, in order.
    var queue: Deque<PendingOrder> = []
    /// Without an answer, rising by number.
    var reads: [PendingRead] = []
    var nextRead = Limits.firstReadNumber
    var rooms = FollowedRooms()
    /// The highest index that any answer or push has shown.
    var seen = LogIndex.zero

    /// Makes a client that has not started.
    /// - Parameters:
    ///   - me: Its node; ranks below `Limits.membersMax` belong to servers.
    ///   - name: What others know it by.
    ///   - session: A name that no client ever used before.
    ///   - timing: How long it waits for what; the servers' own.
    ///   - limits: How much it takes on; the servers' own.
    ///   - password: What it logs in with, on every connection; nil where it does not.
    public init(
        me: NodeID, name: Text, session: Text, timing: Timing = .guide, limits: Limits = Limits(),
        password: Text? = nil
    ) {
        self.init(
            me: me, name: name, session: session, timing: timing, limits: limits, bugs: [])
        self.password = password
    }

    /// Makes a client with known bugs.
    package init(
        me: NodeID, name: Text, session: Text, timing: Timing = .guide,
        limits: Limits = Limits(), password: Text? = nil, bugs: PlantedBugs
    ) {
        self.password = password
        self.me = me
        self.name = name
        self.timing = timing
        self.limits = limits
        self.bugs = bugs
        self.session = ClientSession(base: session, window: limits.sessionWindow)
        clock = LamportClock(.zero, bugs: bugs)
    }

    /// A text was too long for the servers: none as long is sent any more. Each one would use up
    /// a number that nothing can ever be applied under, and with it the session.
    mutating func learn(refused text: Text) {
        limits.textBytes = min(limits.textBytes, max(text.utf8.count, 1) - 1)
    }

    /// Notes a rare but legal situation.
    func note(_ sometimes: Sometimes, into effects: inout Effects<SyncNet>) {
        effects.append(.note(.sometimes(sometimes)))
    }

    /// Takes an event.
    public mutating func handle(
        _ event: Event<SyncNet>, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        defer { checkInvariants() }
        switch event {
        case .started: connect(into: &effects)
        case .input(let input): take(input, now: now, into: &effects)
        case .opened(let stream, let server): opened(stream, server, now: now, into: &effects)
        case .openFailed(let server, _): failed(to: server, into: &effects)
        case .accepted(let stream, _): effects.append(.close(stream))
        case .message(let message, let stream):
            received(message, on: stream, now: now, into: &effects)
        case .congested(let stream): setCongested(stream, true)
        case .drained(let stream):
            setCongested(stream, false)
            pump(now: now, into: &effects)
        case .closed(let stream): closed(stream, into: &effects)
        case .timer(.reconnectClient): tryAgain(now: now, into: &effects)
        case .timer(.answer): lookForAnswers(now: now, into: &effects)
        case .datagram, .timer, .written, .fetched, .journalFailed: break
        }
    }
}
