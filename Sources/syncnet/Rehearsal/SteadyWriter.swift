import SyncNetClient
import SyncNetProtocol

/// A client that says one thing after the other, each as soon as the one before is
/// acknowledged, and looks at what it is shown.
actor SteadyWriter {
    /// How it says it.
    static let pace = Duration.milliseconds(10)

    let name: String
    /// What others know it by: its name, or the account that it has logged in to.
    let sender: String
    let room: String
    /// Where the room stood before it said anything.
    private(set) var start: UInt64 = 0
    /// How much was acknowledged.
    private(set) var acknowledged: UInt64 = 0
    /// Why it could not go on.
    private(set) var refusal: String?
    /// What was shown twice, or not in order.
    private(set) var confusion: String?
    /// Where it is connected, and how often it changed the server.
    private(set) var server: ChatAddress?
    private(set) var changes = 0
    private var shown: UInt64 = 0
    private var last = ContinuousClock.now
    private var longest = Duration.zero
    private var isStopping = false
    private var isDone = false
    private let client: ChatClient
    private var work: Task<Void, Never>?
    private var watching: [Task<Void, Never>] = []

    private init(_ client: ChatClient, name: String, room: String) {
        (self.client, self.name, self.room) = (client, name, room)
        sender = client.name
    }

    /// Connects, joins the room and begins to write.
    static func begin(
        _ name: String, in room: String, on plan: ClusterPlan, as account: LoginAccount?
    ) async throws -> SteadyWriter {
        let addresses = plan.members.map { ChatAddress(host: $0.host.string, port: Int($0.port)) }
        let client = try await ChatClient.connect(
            to: addresses, name: account?.name ?? name, timing: plan.timing,
            password: account?.password, tls: plan.trust())
        let writer = SteadyWriter(client, name: name, room: room)
        try await writer.begin()
        return writer
    }

    private func begin() async throws {
        start = try await client.join(room)
        shown = start
        last = .now
        watching = [
            Task { for await message in client.messages { look(at: message) } },
            Task { for await event in client.events { note(event) } },
        ]
        work = Task { await write() }
    }

    private func write() async {
        defer { isDone = true }
        while !isStopping {
            do {
                try await client.say(text(of: acknowledged + 1), in: room)
                acknowledged += 1
                longest = max(longest, last.duration(to: .now))
                last = .now
                try await Task.sleep(for: Self.pace)
            } catch {
                refusal = refusal ?? "\(error)"
                return
            }
        }
    }

    private func look(at message: ChatMessage) {
        if message.index <= shown {
            confusion = "message \(message.index) was shown after \(shown)"
        } else if shown > start, message.previous != shown {
            confusion = "message \(message.index) was shown without what stands before it"
        }
        shown = message.index
    }

    private func note(_ event: ChatEvent) {
        guard case .connected(let address) = event else { return }
        if server != nil { changes += 1 }
        server = address
    }

    /// What it says as its `number`th.
    nonisolated func text(of number: UInt64) -> String { "\(name) says \(number)" }

    /// Whether it is this one's: several may write in one account.
    nonisolated func said(_ message: ChatMessage) -> Bool {
        message.sender == sender && message.text.hasPrefix("\(name) says ")
    }

    /// The longest time without an acknowledgement since this was asked last.
    func takeLongest() -> Duration {
        defer { longest = .zero }
        // One that lasts still counts: nobody knows how long it will be.
        return max(longest, last.duration(to: .now))
    }

    /// Says no more, once what it said last is acknowledged; whether that came in time.
    func stop(within limit: Duration = .seconds(30)) async throws -> Bool {
        isStopping = true
        let work = work
        let isOver = try await Patience.until(limit) { isDone }
        if !isOver { refusal = "its last message was not acknowledged" }
        await client.close()
        await work?.value
        for task in watching { task.cancel() }
        return isOver
    }
}
