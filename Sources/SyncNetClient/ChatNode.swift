import NIOCore
import NodeRuntime
import StateMachine
import SyncNetProtocol

/// One client's machine, its world, and who waits for which answer. Belongs to one event loop.
final class ChatNode {
    private let loop: any EventLoop
    private let messages: AsyncStream<ChatMessage>.Continuation
    private let events: AsyncStream<ChatEvent>.Continuation
    private var world: ClientWorld?
    private var orders: [UInt64: EventLoopPromise<NodeOutput>] = [:]
    private var lastOrder: UInt64 = 0
    private var firstConnection: EventLoopPromise<Void>?
    private var isConnected = false
    /// Whether the connected server knows a leader, as far as it has told.
    private var isLed = true {
        didSet {
            guard isLed != oldValue else { return }
            events.yield(isLed ? .led : .leaderless)
            if !isLed { askAgain() }
        }
    }
    /// How often it is asked whether there is one: as long as there is none, or something waits.
    private static let question = TimeAmount.seconds(2)
    private var isAsking = false
    /// Which cluster the servers are, as far as they have told.
    private(set) var cluster: ClusterID?
    /// Whether the connected one has told: none does that is not in one yet.
    private var isTold = false
    /// How soon it is asked again, and ever more seldom, until then. The machine knows nothing of
    /// clusters: it must not come to join its rooms in another one.
    private static let urgentQuestion = TimeAmount.milliseconds(100)
    private var connections = 0
    /// Those of its own on this connection that have no answer yet.
    private var questions: Set<UInt64> = []
    /// Whether it goes on where a password is taken no more.
    private let waitsForPassword: Bool
    /// Who waits to be logged in anew.
    private var login: EventLoopPromise<Void>?
    /// Servers that could not be spoken to before the first connection.
    private var failures: [NodeID] = []
    /// Those of them whose hosts nobody knows.
    private var unknown: [NodeID] = []
    /// What stood in the way last.
    private var trouble: ChatError?
    /// Why nothing is answered any more.
    private var refusal: ChatError?

    init(
        on loop: any EventLoop, messages: AsyncStream<ChatMessage>.Continuation,
        events: AsyncStream<ChatEvent>.Continuation, waitsForPassword: Bool
    ) {
        self.loop = loop
        self.waitsForPassword = waitsForPassword
        self.messages = messages
        self.events = events
    }

    /// Starts; answers when a server was reached.
    func start(
        _ machine: Client, servers: [ChatAddress], within limit: TimeAmount, timing: Timing,
        tls: ChatTLS?
    ) -> EventLoopFuture<Void> {
        let world = ClientWorld(
            on: loop, connectTime: timing.connect, tls: tls,
            owner: ClientWorld.Owner(
                output: { self.take($0) }, heard: { self.heard() }, led: { self.isLed = $0 },
                cluster: { self.belongs(to: $0) },
                failed: { self.failed(at: $0, $1) }))
        self.world = world
        let connected = loop.makePromise(of: Void.self)
        firstConnection = connected
        loop.assumeIsolated().scheduleTask(in: limit) {
            connected.fail(self.trouble ?? ChatError.unreachable(servers))
        }
        NodeRunner.run(machine, in: world, from: world.inbox)
        world.inbox.put(.started(.client))
        learn(servers)
        return connected.futureResult
    }

    /// All servers that were named or told.
    var servers: [ChatAddress] { world.map { $0.nodes.compactMap($0.address) } ?? [] }

    private func learn(_ servers: [ChatAddress]) {
        guard let world, world.learn(servers) else { return }
        world.inbox.put(.input(.servers(world.nodes)))
    }

    /// Asks the machine for something; `number` is known at once, the answer comes later.
    func order(_ make: (UInt64) -> ClientInput) -> (number: UInt64, EventLoopFuture<NodeOutput>) {
        lastOrder += 1
        let number = lastOrder
        let answer = loop.makePromise(of: NodeOutput.self)
        guard let world, refusal == nil else {
            answer.fail(refusal ?? ChatError.closed)
            return (number, answer.futureResult)
        }
        orders[number] = answer
        askAgain()
        world.inbox.put(.input(make(number)))
        return (number, answer.futureResult)
    }

    /// Nobody waits for the order any more.
    func forget(_ number: UInt64) {
        orders.removeValue(forKey: number)?.fail(CancellationError())
    }

    /// Whoever waited for a login waits no more; it goes on.
    func abandonLogin() {
        login?.fail(ChatError.cancelled)
        login = nil
    }

    /// Goes on with this password; answers when it was taken.
    func logIn(with password: Text) -> EventLoopFuture<Void> {
        guard let world, refusal == nil else {
            return loop.makeFailedFuture(refusal ?? ChatError.closed)
        }
        login?.fail(ChatError.cancelled)
        let done = loop.makePromise(of: Void.self)
        login = done
        world.inbox.put(.input(.logIn(password: password)))
        return done.futureResult
    }

    /// Ends the connection after what was sent, and answers all who wait.
    func close() -> EventLoopFuture<Void> {
        guard let world else { return loop.makeSucceededVoidFuture() }
        self.world = nil
        world.inbox.put(.input(.quit))
        let waiting = orders.values
        orders = [:]
        for answer in waiting { answer.fail(ChatError.closed) }
        firstConnection?.fail(ChatError.closed)
        endLogin(ChatError.closed)
        messages.finish()
        events.finish()
        return world.end()
    }

    private func take(_ output: NodeOutput) {
        switch output {
        case .connected(let server): connected(to: server)
        case .disconnected:
            isConnected = false
            events.yield(.disconnected)
        case .message(let message): messages.yield(ChatMessage(message))
        case .done(let order, _), .refused(let order, _, _), .page(let order, _):
            questions.remove(order)
            orders.removeValue(forKey: order)?.succeed(output)
        case .servers(let order, let servers, _):
            questions.remove(order)
            learn(servers.map { ChatAddress(host: $0.host.string, port: Int($0.port)) })
            orders.removeValue(forKey: order)?.succeed(output)
        case .loginRefused(let detail): lockedOut(detail.string)
        case .passwordJob: break
        case .excluded(let room): events.yield(.excluded(room.string))
        case .report: break
        }
    }

    private func lockedOut(_ detail: String) {
        let error = ChatError.badLogin(detail: detail)
        let isRefusedAtOnce = firstConnection != nil
        isConnected = false
        if !isRefusedAtOnce { events.yield(.lockedOut(detail: detail)) }
        endLogin(error)
        guard isRefusedAtOnce || !waitsForPassword else { return }
        refused(error)
        world?.inbox.put(.input(.quit))
    }

    /// What the client knows of another cluster, its session and where it is in its rooms, means
    /// nothing in this one.
    private func belongs(to cluster: ClusterID) {
        isTold = true
        guard let former = self.cluster, former != cluster else {
            self.cluster = cluster
            return
        }
        guard refusal == nil else { return }
        events.yield(.replaced)
        refused(.replaced)
        world?.inbox.put(.input(.quit))
    }

    private func endLogin(_ error: ChatError?) {
        if let error { login?.fail(error) } else { login?.succeed() }
        login = nil
    }

    /// The servers don't let this client in: nobody waits any more.
    private func refused(_ error: ChatError) {
        refusal = error
        firstConnection?.fail(error)
        firstConnection = nil
        endLogin(error)
        let waiting = orders.values
        orders = [:]
        for answer in waiting { answer.fail(error) }
        messages.finish()
        events.finish()
    }

    /// A server answers: only now is it known that the two understand each other.
    private func heard() {
        guard isConnected else { return }
        firstConnection?.succeed()
        firstConnection = nil
    }

    /// Whoever asks the wrong way is told at once. One server that can't be trusted is no reason
    /// to give up while there are others.
    private func failed(at server: NodeID, _ obstacle: ClientWorld.Obstacle?) {
        guard let world, refusal == nil else { return }
        if !failures.contains(server) { failures.append(server) }
        note(obstacle, at: server)
        guard let error = trouble else { return }
        var isFutile = firstConnection != nil && world.nodes.allSatisfy(failures.contains)
        // A host that is known, but silent, may answer yet.
        if case .unknownHost = error {
            isFutile = isFutile && world.nodes.allSatisfy(unknown.contains)
        }
        guard obstacle == .tls(.required) || isFutile else { return }
        refused(error)
        world.inbox.put(.input(.quit))
    }

    private func note(_ obstacle: ClientWorld.Obstacle?, at server: NodeID) {
        guard let obstacle, let address = world?.address(of: server) else { return }
        switch obstacle {
        case .tls(let trouble): self.trouble = .insecure(address, trouble)
        case .unknownHost:
            if !unknown.contains(server) { unknown.append(server) }
            trouble = trouble ?? .unknownHost(address.host)
        }
    }

    /// Asks for the servers, and so for their leader, until there is one and nothing waits.
    private func askAgain() {
        guard !isAsking, world != nil, refusal == nil else { return }
        isAsking = true
        let newest = lastOrder
        loop.assumeIsolated().scheduleTask(in: Self.question) {
            self.isAsking = false
            guard self.world != nil, self.refusal == nil else { return }
            let hasWaited = self.orders.keys.contains { $0 <= newest }
            if self.isConnected, hasWaited || !self.isLed { self.discover() }
            if !self.isLed || !self.orders.isEmpty { self.askAgain() }
        }
    }

    private func discover() {
        lastOrder += 1
        questions.insert(lastOrder)
        world?.inbox.put(.input(.discover(order: lastOrder, status: false)))
    }

    // Whoever knows one server learns the rest, so that the death of that one is no end.
    private func connected(to server: NodeID) {
        guard let world, let address = world.address(of: server) else { return }
        isConnected = true
        endLogin(nil)
        events.yield(.connected(address))
        isTold = false
        connections += 1
        questions.removeAll()
        askForCluster(connections, again: Self.urgentQuestion)
    }

    private func askForCluster(_ connection: Int, again pause: TimeAmount) {
        guard isConnected, !isTold, connection == connections, world != nil, refusal == nil else {
            return
        }
        if questions.isEmpty { discover() }
        loop.assumeIsolated().scheduleTask(in: pause) {
            self.askForCluster(connection, again: min(pause * 2, Self.question))
        }
    }
}
