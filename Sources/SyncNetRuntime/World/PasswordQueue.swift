import NIOCore
import NIOPosix
import StateMachine
import SyncNetProtocol

/// Works passwords out, one at a time, on a thread for which nothing else waits. Belongs to one
/// event loop.
final class PasswordQueue {
    private let loop: any EventLoop
    private let isWanted: (StreamID) -> Bool
    private let done: (UInt64, Text?) -> Void
    private var waiting: Turns<PasswordJob>
    private var isBusy = false

    /// `done` gets the id of each job with the verifier that was made, or that fits. What
    /// nobody waits for any more is not worked out.
    init(
        on loop: any EventLoop, perAddress: Int, isWanted: @escaping (StreamID) -> Bool,
        _ done: @escaping (UInt64, Text?) -> Void
    ) {
        self.loop = loop
        self.isWanted = isWanted
        self.done = done
        waiting = Turns(perOrigin: perAddress)
    }

    /// Takes a job, unless as many from its address wait as may. The machine sees to it that
    /// there are not too many in all.
    func add(_ job: PasswordJob, from address: String) -> Bool {
        guard waiting.append(job, from: address) else { return false }
        next()
        return true
    }

    private func next() {
        guard !isBusy else { return }
        var next = waiting.popFirst()
        while let job = next, !isWanted(job.stream) {
            done(job.id, nil)
            next = waiting.popFirst()
        }
        guard let job = next else { return }
        isBusy = true
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { SlowHash.verifier(of: job) }
            .assumeIsolated().whenComplete { result in
                self.isBusy = false
                self.done(job.id, (try? result.get()) ?? nil)
                self.next()
            }
    }
}
