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
    private var discovery: UInt64?
    /// Why nothing is answered any more.
    private var refusal: ChatError?

    init(
        on loop: any EventLoop, messages: AsyncStream<ChatMessage>.Continuation,
        events: AsyncStream<ChatEvent>.Continuation
    ) {
        self.loop = loop
        self.messages = messages
        self.events = events
    }

    /// Starts; answers when a server was reached.
    func start(_ machine: Client, servers: [ChatAddress], within limit: TimeAmount, timing: Timing)
        -> EventLoopFuture<Void>
    {
        let world = ClientWorld(on: loop, connectTime: timing.connect) { self.take($0) }
        self.world = world
        let connected = loop.makePromise(of: Void.self)
        firstConnection = connected
        loop.assumeIsolated().scheduleTask(in: limit) {
            connected.fail(ChatError.unreachable(servers))
        }
        NodeRunner.run(machine, in: world, from: world.inbox)
        world.inbox.put(.started(.client))
        learn(servers)
        return connected.futureResult
    }

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
        world.inbox.put(.input(make(number)))
        return (number, answer.futureResult)
    }

    /// Nobody waits for the order any more.
    func forget(_ number: UInt64) {
        orders.removeValue(forKey: number)?.fail(CancellationError())
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
        messages.finish()
        events.finish()
        return world.end()
    }

    private func take(_ output: NodeOutput) {
        switch output {
        case .connected(let server): connected(to: server)
        case .disconnected: events.yield(.disconnected)
        case .message(let message): messages.yield(ChatMessage(message))
        case .done(let order, _), .refused(let order, _, _), .page(let order, _):
            orders.removeValue(forKey: order)?.succeed(output)
        case .servers(let order, let servers, _):
            learn(servers.map { ChatAddress(host: $0.host.string, port: Int($0.port)) })
            orders.removeValue(forKey: order)?.succeed(output)
        case .loginRefused(let detail): refused(ChatError.badLogin(detail: detail.string))
        case .passwordJob: break
        case .excluded(let room): events.yield(.excluded(room.string))
        case .report: break
        }
    }

    /// The servers don't let this client in: nobody waits any more.
    private func refused(_ error: ChatError) {
        refusal = error
        firstConnection?.fail(error)
        firstConnection = nil
        let waiting = orders.values
        orders = [:]
        for answer in waiting { answer.fail(error) }
        messages.finish()
        events.finish()
    }

    // Whoever knows one server learns the rest, so that the death of that one is no end.
    private func connected(to server: NodeID) {
        guard let world, let address = world.address(of: server) else { return }
        firstConnection?.succeed()
        firstConnection = nil
        events.yield(.connected(address))
        lastOrder += 1
        world.inbox.put(.input(.discover(order: lastOrder, status: false)))
    }
}
