import NIOCore
import NIOPosix
import StateMachine
public import SyncNetProtocol

/// A participant of a SyncNet cluster.
///
/// It connects to any server, follows rooms, and is told of every committed message once and
/// in order. When its server dies it goes on with another one by itself: what was acknowledged
/// is never lost, and what was not is sent again, without being applied twice. It goes on
/// until it is closed.
///
/// ```swift
/// let client = try await ChatClient.connect(to: ChatAddress.defaultCluster, name: "ada")
/// try await client.join("garden")
/// try await client.say("hello", in: "garden")
/// for await message in client.messages { print(message.sender, message.text) }
/// await client.close()
/// ```
public final class ChatClient: Sendable {
    /// The messages of all rooms that were joined, each once, a room's in order. For one
    /// reader; what it has not read yet is kept in memory.
    public let messages: AsyncStream<ChatMessage>
    /// What happens to the connection. For one reader; only the last 64 unread ones are kept.
    public let events: AsyncStream<ChatEvent>
    /// What others know this participant by.
    public let name: String
    private let loop: any EventLoop
    private let node: NIOLoopBoundBox<ChatNode?>

    private init(_ name: String, on loop: any EventLoop, waitsForPassword: Bool) async {
        self.name = name
        self.loop = loop
        let box = NIOLoopBoundBox<ChatNode?>.makeEmptyBox(
            valueType: ChatNode.self, eventLoop: loop)
        node = box
        let (messages, messageSource) = AsyncStream<ChatMessage>.makeStream()
        let (events, eventSource) = AsyncStream<ChatEvent>.makeStream(
            bufferingPolicy: .bufferingNewest(64))
        self.messages = messages
        self.events = events
        loop.execute {
            box.value = ChatNode(
                on: loop, messages: messageSource, events: eventSource,
                waitsForPassword: waitsForPassword)
        }
    }

    /// Connects to the first of the servers that can be reached, and learns the others of the
    /// cluster from it.
    /// - Parameters:
    ///   - servers: Where to begin; one is enough.
    ///   - name: What others know this participant by.
    ///   - limit: How long to try before giving up.
    ///   - timing: How long it waits for what; the servers' own.
    ///   - password: That of the account `name`; nil where it logs in nowhere. It logs in again by
    ///     itself on every server that it comes to.
    ///   - tls: Whom to trust; nil for connections that are not encrypted.
    ///   - waitsForPassword: Whether it stays open where a password is taken no more later on:
    ///     what is asked of it then waits for ``logIn(password:)``. Otherwise all of it fails with
    ///     ``ChatError/badLogin(detail:)``.
    /// - Throws: ``ChatError/unreachable(_:)`` where no server answers in time,
    ///   ``ChatError/unknownHost(_:)`` where all of them have hosts that nobody knows,
    ///   ``ChatError/badLogin(detail:)`` where the password is wrong,
    ///   ``ChatError/insecure(_:_:)`` where servers want TLS and the client does not, or the other
    ///   way round, or where none of them can be trusted.
    public static func connect(
        to servers: [ChatAddress], name: String, within limit: Duration = .seconds(10),
        timing: Timing = .guide, password: String? = nil, tls: ChatTLS? = nil,
        waitsForPassword: Bool = false
    ) async throws(ChatError) -> ChatClient {
        guard !servers.isEmpty else { throw ChatError.noServers }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let client = await ChatClient(name, on: loop, waitsForPassword: waitsForPassword)
        // How much of a text the servers take is for them to say: a client learns it.
        var limits = Limits()
        limits.textBytes = Limits.lineBytesMax
        let machine = Client(
            me: NodeID(UInt32(Limits.membersMax)), name: Text(name), session: freshSession(),
            timing: timing, limits: limits, password: password.map { Text($0) })
        let box = client.node
        do {
            try await loop.flatSubmit {
                box.value?.start(
                    machine, servers: servers, within: TimeAmount(limit), timing: timing, tls: tls)
                    ?? loop.makeSucceededVoidFuture()
            }.get()
        } catch {
            await client.close()
            throw ChatError(error)
        }
        return client
    }

    private static func freshSession() -> Text {
        var dice = SystemRandomNumberGenerator()
        return Text(
            String(dice.next() as UInt64, radix: 36) + String(dice.next() as UInt64, radix: 36))
    }

    /// Logs in, or logs in anew, to the account of its name; from now on with this password. What
    /// waits is sent once that is done.
    /// - Parameter password: That of the account; an empty one to go on without an account.
    /// - Throws: ``ChatError/badLogin(detail:)`` where it is wrong, or there is no such account.
    public func logIn(password: String) async throws(ChatError) {
        let (loop, box) = (loop, node)
        do {
            try await withTaskCancellationHandler {
                try await loop.flatSubmit {
                    box.value?.logIn(with: Text(password))
                        ?? loop.makeFailedFuture(ChatError.closed)
                }.get()
            } onCancel: {
                loop.execute { box.value?.abandonLogin() }
            }
        } catch {
            throw ChatError(error)
        }
    }

    /// Becomes a member of a room, which is made where there was none, and follows it.
    /// - Parameters:
    ///   - room: The room's name.
    ///   - index: Messages after this index come first (0 for all); nil for only new ones.
    ///   - isPrivate: Whether the room, where it is made, is one that only its members read, and
    ///     that nobody enters uninvited.
    /// - Returns: The index as of which this is so.
    @discardableResult
    public func join(
        _ room: String, after index: UInt64? = nil, isPrivate: Bool = false
    ) async throws(ChatError) -> UInt64 {
        let after = index.map { LogIndex($0) }
        return try await done {
            .join(order: $0, room: Text(room), after: after, isPrivate: isPrivate)
        }
    }

    /// Makes somebody else a member of a private room of which one is a member.
    /// - Parameters:
    ///   - name: Whom.
    ///   - room: The room's name.
    /// - Returns: The index as of which this is so.
    @discardableResult
    public func invite(_ name: String, to room: String) async throws(ChatError) -> UInt64 {
        try await done { .invite(order: $0, room: Text(room), guest: Text(name)) }
    }

    /// Gives up membership of a room.
    @discardableResult
    public func leave(_ room: String) async throws(ChatError) -> UInt64 {
        try await done { .leave(order: $0, room: Text(room)) }
    }

    /// Says something in a room that was joined. Returns when it can't be lost any more.
    /// - Returns: The message's index.
    @discardableResult
    public func say(_ text: String, in room: String) async throws(ChatError) -> UInt64 {
        try await post(text, in: room).index
    }

    /// Says something in a room that was joined, without waiting: what is posted first stands
    /// first.
    /// - Returns: What tells when it can't be lost any more.
    public func post(_ text: String, in room: String) -> ChatDelivery {
        ChatDelivery(
            client: self,
            placed: place {
                .say(order: $0, room: Text(room), text: Text(text))
            })
    }

    /// A page of a room's messages.
    /// - Parameters:
    ///   - room: The room's name.
    ///   - range: Which messages.
    ///   - limit: At most so many; nil for the server's default.
    ///   - isLinearizable: Whether the page has to show all that anybody was acknowledged
    ///     before it was asked for.
    public func history(
        of room: String, _ range: ChatRange = .latest, limit: Int? = nil,
        isLinearizable: Bool = false
    ) async throws(ChatError) -> ChatPage {
        var request = HistoryRequest(room: Text(room), isLinearizable: isLinearizable)
        request.limit = limit.map { UInt64(clamping: $0) }
        switch range {
        case .latest: break
        case .before(let index): request.before = LogIndex(index)
        case .after(let index): request.after = LogIndex(index)
        }
        let page = try await page(request)
        return ChatPage(messages: page.messages.map(ChatMessage.init), hasMore: page.hasMore)
    }

    /// The last messages in which words stand, in rooms of which one is a member.
    /// - Parameters:
    ///   - words: All of them have to stand in a message. Case and accents don't matter; a star
    ///     at a word's end stands for any end.
    ///   - room: The room; nil for all.
    ///   - index: Only messages before this index; nil for all.
    ///   - limit: At most so many, the last ones; nil for the server's default.
    public func search(
        _ words: String, in room: String? = nil, before index: UInt64? = nil,
        limit: Int? = nil
    ) async throws(ChatError) -> ChatPage {
        var request = HistoryRequest(room: Text(room ?? ""), search: Text(words))
        request.before = index.map { LogIndex($0) }
        request.limit = limit.map { UInt64(clamping: $0) }
        let page = try await page(request)
        return ChatPage(messages: page.messages.map(ChatMessage.init), hasMore: page.hasMore)
    }

    /// The members of a room, in byte order; none where there is no such room.
    /// - Parameters:
    ///   - room: The room's name.
    ///   - isLinearizable: Whether all counts that anybody was acknowledged before it was asked.
    public func members(
        of room: String, isLinearizable: Bool = false
    ) async throws(ChatError) -> [String] {
        let request = HistoryRequest(
            room: Text(room), limit: 1, isLinearizable: isLinearizable, wantsMembers: true)
        return try await page(request).members?.map(\.string) ?? []
    }

    /// The servers of the cluster, as the connected one knows them.
    public func servers() async throws(ChatError) -> [ServerAddress] {
        try await discover(status: false).0
    }

    /// All servers that this client was given or has been told of, also while none answers; none
    /// once it was closed.
    public func knownServers() async -> [ChatAddress] {
        let box = node
        return (try? await loop.submit { box.value?.servers ?? [] }.get()) ?? []
    }

    /// A name for the cluster that the servers are: those that were set up anew, or restored from a
    /// backup, have another one. Nil until a server has told.
    public func cluster() async -> ClusterID? {
        let box = node
        return try? await loop.submit { box.value?.cluster }.get()
    }

    /// How the connected server sees itself and the others.
    public func status() async throws(ChatError) -> ServerStatus? {
        try await discover(status: true).1
    }

    /// Closes the connection after what was sent. Whoever still waits gets ``ChatError/closed``.
    public func close() async {
        let (loop, box) = (loop, node)
        try? await loop.flatSubmit { box.value?.close() ?? loop.makeSucceededVoidFuture() }.get()
    }

    private func done(
        _ make: @escaping @Sendable (UInt64) -> ClientInput
    ) async throws(ChatError) -> UInt64 {
        guard case .done(_, let index) = try await answer(to: place(make)) else {
            throw .closed
        }
        return index.number
    }

    func page(_ request: HistoryRequest) async throws(ChatError) -> HistoryPage {
        let output = try await answer(to: place { .history(order: $0, request) })
        guard case .page(_, let page) = output else { throw .closed }
        return page
    }

    private func discover(
        status: Bool
    ) async throws(ChatError) -> ([ServerAddress], ServerStatus?) {
        let output = try await answer(to: place { .discover(order: $0, status: status) })
        guard case .servers(_, let servers, let status) = output else { throw .closed }
        return (servers, status)
    }

    /// An order that was given to the machine, and what will be answered.
    typealias Placed = (number: UInt64, answer: EventLoopFuture<NodeOutput>)

    /// Gives the machine an order, after all that were given before.
    private func place(
        _ make: @escaping @Sendable (UInt64) -> ClientInput
    ) -> EventLoopFuture<Placed> {
        let box = node
        return loop.submit {
            guard let node = box.value else { throw ChatError.closed }
            return node.order(make)
        }
    }

    /// Waits for the answer to an order. Whoever is cancelled waits no more; the order may
    /// still be performed.
    func answer(to placed: EventLoopFuture<Placed>) async throws(ChatError) -> NodeOutput {
        let (loop, box) = (loop, node)
        let output: NodeOutput
        do {
            let (number, answer) = try await placed.get()
            output = try await withTaskCancellationHandler {
                try await answer.get()
            } onCancel: {
                loop.execute { box.value?.forget(number) }
            }
        } catch {
            throw ChatError(error)
        }
        if case .refused(_, let reason, let detail) = output { throw ChatError(reason, detail) }
        return output
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
