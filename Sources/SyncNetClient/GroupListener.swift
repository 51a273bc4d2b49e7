import NIOCore
import NIOPosix
import SyncNetProtocol

/// Reads rooms from the multicast group to which all servers send what they have committed.
///
/// A datagram that all servers lost is fetched over TCP: every message of a room is shown once,
/// in order and without gap. Rooms with restricted readers are never multicast.
public actor GroupListener {
    /// The group that the servers use unless they are told otherwise.
    public static let defaultGroup = "239.0.0.1"
    /// How far above a server's port for clients it sends from, and to.
    public static let portOffset = 40

    /// The messages, for one reader.
    public nonisolated let messages: AsyncStream<ChatMessage>
    private let source: AsyncStream<ChatMessage>.Continuation
    private let client: ChatClient
    private var follower: GroupFollower
    private var sockets: [any Channel] = []
    private var pump: Task<Void, Never>?
    /// How many messages had to be fetched.
    public private(set) var fetched = 0

    private init(client: ChatClient, followsAll: Bool) {
        self.client = client
        follower = GroupFollower(followsAll: followsAll)
        (messages, source) = AsyncStream.makeStream(of: ChatMessage.self)
    }

    /// Begins to listen.
    /// - Parameters:
    ///   - client: What fetches what was lost.
    ///   - rooms: Which rooms; none for all that are heard of.
    ///   - index: Messages of the named rooms after this index come first; nil for only new ones.
    ///   - ports: The group's ports, one for each server.
    ///   - group: The group's address.
    ///   - interface: The address of the interface that hears it; nil for the one by which the
    ///     servers are reached.
    /// - Throws: ``ChatError/notMulticast(room:)`` for a private room, another ``ChatError`` where
    ///   the rooms can't be asked for; the system's error where no
    ///   port of the group can be heard.
    public static func listen(
        with client: ChatClient, to rooms: [String] = [], after index: UInt64? = nil,
        ports: [Int], group: String = defaultGroup, interface: String? = nil
    ) async throws -> GroupListener {
        let listener = GroupListener(client: client, followsAll: rooms.isEmpty)
        let (replies, source) = AsyncStream.makeStream(of: ClientReply.self)
        let chosen =
            if let interface { interface } else { try await Self.interface(towards: client) }
        do {
            try await listener.open(ports, group, chosen) { source.yield($0) }
            await listener.hear(replies)
            for room in rooms { try await listener.follow(room, after: index) }
        } catch {
            await listener.close()
            throw error
        }
        return listener
    }

    /// Asks the system for the way to a server, and sends nothing.
    private static func interface(towards client: ChatClient) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        for server in try await client.servers() {
            let place = ChatAddress(host: server.host.string, port: Int(server.port))
            // The group is one of IPv4, whatever else the host's name stands for.
            guard
                case .v4? = try? SocketAddress(ipAddress: place.numericHost, port: place.port),
                let socket = try? await DatagramBootstrap(group: loop)
                    .connect(host: place.numericHost, port: place.port).get()
            else { continue }
            defer { socket.close(promise: nil) }
            if let address = socket.localAddress?.ipAddress { return address }
        }
        return "127.0.0.1"
    }

    /// Ends the messages. The client stays open.
    public func close() {
        for socket in sockets { socket.close(promise: nil) }
        sockets = []
        pump?.cancel()
        source.finish()
    }

    private func open(
        _ ports: [Int], _ group: String, _ interface: String,
        take: @escaping @Sendable (ClientReply) -> Void
    ) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        for port in ports {
            sockets.append(
                try await GroupSocket.open(
                    group, port: port, interface: interface, on: loop, take: take))
        }
    }

    private func hear(_ replies: AsyncStream<ClientReply>) {
        pump = Task { for await reply in replies { take(reply) } }
    }

    private func follow(_ room: String, after index: UInt64?) async throws {
        let page = try await look(at: room)
        let room = Text(room)
        if let index {
            follower.follow(room, after: LogIndex(index))
            // What is there already is found by asking for it.
            return await fetch(room, after: LogIndex(index))
        }
        follower.follow(room, after: page.messages.last?.index ?? .zero)
    }

    /// The room's last message, where there is one; throws where the room is private.
    private func look(at room: String) async throws -> HistoryPage {
        let page: HistoryPage
        do throws(ChatError) {
            page = try await client.page(
                HistoryRequest(room: Text(room), limit: 1, isLinearizable: true))
        } catch .refused(.notAMember, _) {
            throw ChatError.notMulticast(room: room)
        }
        guard !page.isPrivate else { throw ChatError.notMulticast(room: room) }
        return page
    }

    private func take(_ reply: ClientReply) {
        switch reply {
        case .pushed(let message): perform(follower.heard(message))
        case .done(nil, let room, let index): perform(follower.heard(latest: index, of: room))
        case .done, .history, .nack, .servers, .accounts, .statusLine: break
        }
    }

    private func perform(_ steps: [GroupFollower.Step]) {
        for step in steps {
            switch step {
            case .show(let message): source.yield(ChatMessage(message))
            case .fetch(let room, let after): Task { await fetch(room, after: after) }
            }
        }
    }

    private func fetch(_ room: Text, after index: LogIndex) async {
        do throws(ChatError) {
            let page = try await client.page(
                HistoryRequest(room: room, after: index, isLinearizable: true))
            fetched += page.messages.count
            perform(follower.fetched(page.messages, hasMore: page.hasMore, of: room))
        } catch {
            follower.fetchFailed(of: room)
        }
    }
}
