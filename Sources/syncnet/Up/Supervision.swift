import Foundation
import SyncNetClient
import SyncNetProtocol

/// Runs several servers, tells what happens to them, and stops them together.
struct Supervision {
    private let plan: ClusterPlan
    private let children: [ChildServer]
    private let voice: Voice
    private var running: Int
    private var isStopping = false
    /// When it was asked to stop first.
    private var stopsSince = ContinuousClock.now
    private var herald = Herald()

    init(plan: ClusterPlan, children: [ChildServer]) {
        (self.plan, self.children) = (plan, children)
        running = children.count
        voice = Voice(names: children.map(\.id), isColourful: Terminal.isColourful)
    }

    /// Until all have ended; gives the exit code.
    mutating func run() async throws -> Int32 {
        let (happenings, source) = AsyncStream.makeStream(of: Happening.self)
        let signals = Signals.onStop { _ in source.yield(.stopAsked) }
        defer { withExtendedLifetime(signals) {} }
        let tls = try plan.trust()
        try await demandSilence(tls)
        voice.say("starts \(children.map(\.id).joined(separator: ", ")); Ctrl-C stops them")
        do {
            for (child, server) in children.enumerated() {
                try server.start(as: child) { source.yield($0) }
            }
        } catch {
            children.forEach { $0.kill() }
            throw Failure("can't start a server process: \(error)")
        }
        let watch = Task { [plan] in
            await Self.watch(plan.members, tls) { source.yield(.health($0)) }
        }
        defer { watch.cancel() }
        for await happening in happenings {
            take(happening, from: source)
            if running == 0 { break }
        }
        voice.say(isStopping ? "all servers have stopped" : "no server is left")
        return isStopping ? 0 : 1
    }

    /// Another cluster at the same ports would be taken for this one; and a server at a port that
    /// it has free would be filled by it, like one whose disk was emptied.
    private func demandSilence(_ tls: ChatTLS?) async throws {
        let health = await StatusProbe.cluster(plan.members, tls: tls)
        let places = zip(plan.members, health.servers).filter { $1.status != nil }
            .map { "\($0.0.host.string):\($0.0.port)" }
        guard !places.isEmpty else { return }
        throw Failure(
            "a cluster runs at \(places.joined(separator: ", ")) already: stop it, or choose "
                + "another --base-port")
    }

    private mutating func take(
        _ happening: Happening, from source: AsyncStream<Happening>.Continuation
    ) {
        switch happening {
        case .line(let child, let line): voice.say(line, of: child)
        case .ended(let child, let ending): note(ending, of: child)
        // A supervisor that signals the process and its group asks once, not twice.
        case .stopAsked where isStopping && ContinuousClock.now - stopsSince < .milliseconds(500):
            break
        case .stopAsked where isStopping: children.forEach { $0.kill() }
        case .stopAsked: stop(patience: source)
        case .patienceEnded: children.forEach { $0.kill() }
        case .health(let health) where !isStopping: herald.hear(health).forEach(voice.say)
        case .health: break
        }
    }

    private mutating func note(_ ending: Ending, of child: Int) {
        running -= 1
        if isStopping && ending == .exit(0) { return }
        let rest = isStopping || running == 0 ? "" : "; the others go on without it"
        voice.alarm("\(children[child].id) \(ending.words)\(rest)")
    }

    /// Asks for a clean stop; asked again, or after ten seconds, ends what is left.
    private mutating func stop(patience source: AsyncStream<Happening>.Continuation) {
        isStopping = true
        stopsSince = .now
        voice.say("stops …")
        children.forEach { $0.stop() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 10) { source.yield(.patienceEnded) }
    }

    private static func watch(
        _ members: [Member], _ tls: ChatTLS?, tell: (ClusterHealth) -> Void
    ) async {
        while !Task.isCancelled {
            tell(await StatusProbe.cluster(members, tls: tls))
            do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
        }
    }
}
