import Logging
import NIOCore
import NodeRuntime
package import StateMachine
import SyncNetProtocol
import SyncNetWire

/// The real world around one server. Belongs to one event loop.
final class ServerWorld {
    /// The largest frame between servers: an append, with room for one entry too many.
    static let frameBytesMax = 1 << 24

    /// How long peers and clients may take to read what was sent before the end.
    private static let partingTime = TimeAmount.milliseconds(300)

    /// How far the server has come.
    enum Stage { case starting, greeting, running, ended }

    let settings: CheckedSettings
    let loop: any EventLoop
    let logger: Logger
    let inbox = Inbox<SyncNet>()
    let ticks: TickEnd
    let clock: LoopClock<SyncNet>
    let journal: JournalQueue
    let binder: Binder
    private(set) lazy var passwords = PasswordQueue(
        on: loop, perAddress: settings.settings.network.passwordsPerAddress,
        isWanted: { [unowned self] in links[$0.number] != nil },
        { [inbox] job, verifier in
            inbox.put(.input(.passwordDone(job: job, verifier: verifier)))
        })
    let ownID: Text
    /// What encrypts streams and clients' connections, where certificates are configured.
    let tls: TLSContexts?
    private let onHalt: (HaltReason) -> Void

    var stage = Stage.starting
    var links: [UInt64: Link] = [:]
    var lastStream: UInt64 = 0
    var lastClient: UInt32 = 0
    var book: AddressBook
    var guests: Guests
    var counters = Counters()
    var tally = Tally()
    private var look: () -> Figures? = { nil }
    var versions: PeerVersions
    /// Which sealed datagrams are fresh, where the servers share a secret.
    var vigil: DatagramGuard?
    /// Starts the machine, once.
    private var starter: (() -> Void)?
    /// How many client connections each address has.
    var crowd: [String: Int] = [:]
    /// How many streams have not said yet who opened them.
    var unproven = 0
    var mannersWatch: Scheduled<Void>?
    var scratch: [UInt8] = []
    /// What goes to the multicast group.
    private(set) lazy var group = MulticastPack(
        bytesMost: settings.settings.network.packBytes(onLoopback: settings.address.isLoopback),
        flushedBy: ticks
    ) { [unowned self] in send($0, from: .chat, to: book.group) }
    /// The message that was pushed last, and its line.
    var lastPushed: LogIndex?
    var pushedBytes: [UInt8] = []
    var activeRooms = ActiveRooms()
    private var ownSockets: ServerSockets?
    private var lastFailure: JournalFailure?
    /// What it said last that ends it.
    var lastWord: String?
    private var allEnded: EventLoopPromise<Void>?

    init(
        of settings: CheckedSettings, on loop: any EventLoop, disk: DiskThread, logger: Logger,
        onHalt: @escaping (HaltReason) -> Void
    ) throws {
        self.settings = settings
        self.loop = loop
        self.logger = logger
        self.onHalt = onHalt
        ticks = TickEnd(of: loop)
        clock = LoopClock(on: loop, into: inbox)
        journal = JournalQueue(on: disk, into: inbox, flushedBy: ticks, logger: logger)
        binder = Binder(loop: loop, network: settings.settings.network)
        ownID = Text(settings.own.serverID)
        tls = try settings.settings.tls.map { try TLSContexts($0) }
        book = try AddressBook(of: settings)
        versions = PeerVersions(members: settings.configuration.members.count)
        guests = Guests(capacity: settings.settings.network.guests)
    }

    /// All ports.
    var sockets: ServerSockets {
        if let ownSockets { return ownSockets }
        let sockets = ServerSockets(
            of: settings, binder: binder, logger: logger,
            events: SocketEvents(
                prepareClient: { try self.prepareClient($0) },
                preparePeer: { try self.preparePeer($0) },
                takeDatagram: { self.takeDatagram(on: $0, $1, from: $2) }))
        ownSockets = sockets
        return sockets
    }

    /// Starts the machine, after greetings: from then on all that arrives is its event.
    func run(_ machine: some StateMachine<SyncNet>, from recovered: Recovered) {
        guard stage == .starting else { return }
        starter = { [unowned self] in
            let look = NodeRunner.run(machine, in: self, from: inbox)
            self.look = {
                (look() as? any MeasurableMachine)?
                    .figures(at: LoopClock<SyncNet>.read().monotonic)
            }
            inbox.put(.started(.server(recovered)))
        }
        watchManners()
        greetAll(boot: recovered.boot)
    }

    /// Starts the machine now.
    func start() {
        guard stage == .starting || stage == .greeting, let starter else { return }
        stage = .running
        self.starter = nil
        starter()
        journal.verifyHistory()
        for link in links.values.sorted(by: { $0.end.id < $1.end.id }) { announce(link) }
        sockets.acceptPeers()
        repeatLatestLater()
    }

    private func repeatLatestLater() {
        let heartbeat = TimeAmount(settings.settings.timing.heartbeat)
        loop.assumeIsolated().scheduleTask(in: heartbeat) { [weak self] in
            guard let self, self.stage == .running else { return }
            self.repeatLatest()
            self.repeatLatestLater()
        }
    }

    /// Ends the machine and closes all that is open; with `abruptly` as if the process died.
    /// Answers when all streams have ended, or will not in time.
    func end(abruptly: Bool) -> EventLoopFuture<Void> {
        guard stage != .ended else { return loop.makeSucceededVoidFuture() }
        stage = .ended
        inbox.close()
        clock.cancelAll()
        mannersWatch?.cancel()
        sockets.close()
        for link in links.values {
            if abruptly { link.end.cut() } else { link.end.close() }
        }
        guard !links.isEmpty else { return loop.makeSucceededVoidFuture() }
        let allEnded = loop.makePromise(of: Void.self)
        self.allEnded = allEnded
        loop.assumeIsolated().scheduleTask(in: Self.partingTime) { allEnded.succeed() }
        return allEnded.futureResult
    }

    /// Lets go of everything; the world is of no use any more.
    func dissolve() {
        for link in links.values { link.end.cut() }
        ownSockets = nil
    }

    /// How it is, and what it has counted.
    var measurement: Measurement {
        var tally = tally
        tally.commits = journal.commits
        return Measurement(figures: look(), tally: tally, counters: counters)
    }

    func remove(_ link: Link) {
        if let manners = link.manners, links[link.end.id.number] != nil { leave(manners) }
        links[link.end.id.number] = nil
        if links.isEmpty { allEnded?.succeed() }
    }

    /// Counts what was dropped, and says so now and then.
    func count(_ reason: Counters.Reason, _ detail: @autoclosure () -> String) {
        guard counters.count(reason) else { return }
        logger.notice("dropped \(reason.name), \(counters[reason]) by now: \(detail())")
    }

    /// A server's id, or how a stranger is called.
    func name(of node: NodeID) -> String {
        let rank = Int(node.rank)
        return rank < settings.servers.count ? settings.servers[rank].serverID : "a stranger"
    }

    func nextEnd(over channel: any Channel) -> StreamEnd {
        lastStream += 1
        return StreamEnd(
            StreamID(lastStream), over: channel, flushedBy: ticks,
            backlogBytesMax: settings.settings.network.streamBacklogBytesMax)
    }

    /// Remembers why the machine is about to halt.
    func noteFailure(_ failure: JournalFailure) { lastFailure = failure }

    func halted() {
        inbox.close()
        clock.cancelAll()
        onHalt(
            HaltReason(
                failure: lastFailure, directory: settings.settings.dataPath, lastWord: lastWord))
    }
}

/// Why a server ended by itself.
package struct HaltReason: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the journal said.
    package var failure: JournalFailure?
    /// Where it keeps its data.
    package var directory: String
    /// What the server said of it.
    package var lastWord: String?

    /// One line that says what is wrong and what to do.
    package var description: String {
        switch failure {
        case .full:
            "the disk of \(directory) is full: make room, and the server goes on"
        case .damaged:
            "what is in \(directory) is damaged: set it aside and start the server again "
                + "(\"syncnet wipe-and-rejoin\" does both), the other servers will feed it"
        case .broken:
            "reading or writing \(directory) failed: check the disk and start the server again"
        case nil:
            lastWord ?? "the server ended by itself: see its log"
        }
    }
}
