import NIOCore
import NIOHTTP1
import SyncNetProtocol
import Synchronization

/// What monitors are told of a server, whichever of its lives it is in.
final class Monitoring: Sendable {
    /// How long a server may take to say how it is.
    static let patience = TimeAmount.seconds(1)

    private enum Life: Sendable {
        case starting
        case running(RunningServer)
        case waitingForRoom
    }

    private let server: String
    private let life = Mutex(Life.starting)

    init(server: String) { self.server = server }

    func starts() { life.withLock { $0 = .starting } }
    func runs(_ server: RunningServer) { life.withLock { $0 = .running(server) } }
    func waitsForRoom() { life.withLock { $0 = .waitingForRoom } }

    /// What is answered to a path.
    func answer(_ path: String) async -> HTTPAnswer {
        switch path {
        case "/metrics": await metrics()
        case "/health": await health()
        case "/ready": await readiness()
        default:
            HTTPAnswer(
                status: .notFound, body: "there is /metrics, /health and /ready, no more\n")
        }
    }

    private func metrics() async -> HTTPAnswer {
        guard let measurement = await measure() else {
            return HTTPAnswer(status: .serviceUnavailable, body: "\(word)\n")
        }
        return HTTPAnswer(
            status: .ok, body: MetricsText.page(server: server, measurement),
            type: "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Alive is also who waits for something; not who does not answer any more.
    private func health() async -> HTTPAnswer {
        guard case .running = life.withLock({ $0 }) else {
            return HTTPAnswer(status: .ok, body: "alive: \(word)\n")
        }
        return await measure() == nil
            ? HTTPAnswer(status: .serviceUnavailable, body: "does not answer\n")
            : HTTPAnswer(status: .ok, body: "alive\n")
    }

    private func readiness() async -> HTTPAnswer {
        guard let measurement = await measure() else {
            return HTTPAnswer(status: .serviceUnavailable, body: "\(word)\n")
        }
        guard let figures = measurement.figures else {
            return HTTPAnswer(status: .serviceUnavailable, body: "starts\n")
        }
        guard figures.isReady else {
            let text = figures.role == .recovering ? "recovers" : "knows no leader"
            return HTTPAnswer(status: .serviceUnavailable, body: "\(text)\n")
        }
        return HTTPAnswer(status: .ok, body: "ready\n")
    }

    private var word: String {
        switch life.withLock({ $0 }) {
        case .starting: "starts"
        case .running: "does not answer"
        case .waitingForRoom: "the disk is full"
        }
    }

    /// What the running server says; nil where none runs, or it does not answer in time.
    private func measure() async -> Measurement? {
        guard case .running(let server) = life.withLock({ $0 }) else { return nil }
        return await server.measure(within: Self.patience)
    }
}
