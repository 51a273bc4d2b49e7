package import Logging
import NIOCore
import NIOPosix
package import StateMachine
import Synchronization
package import SyncNetProtocol

/// One server that runs: its ports are bound, its log is recovered, its machine works.
///
/// It has a thread for the machine and the network, and one for the disk.
package final class RunningServer: Sendable {
    /// How long the disk may take to close the store.
    private static let diskTime = TimeAmount.milliseconds(1_500)

    private let nodeGroup: MultiThreadedEventLoopGroup
    private let diskGroup: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let disk: DiskThread
    private let world: NIOLoopBoundBox<ServerWorld?>
    private let recording: NIOLoopBoundBox<Recording?>
    private let halted: EventLoopPromise<HaltReason?>
    private let logger: Logger
    private let hasEnded = Atomic(false)

    private init(logger: Logger) {
        nodeGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        diskGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = nodeGroup.next()
        disk = DiskThread(own: diskGroup.next(), asking: loop)
        world = .makeEmptyBox(valueType: ServerWorld.self, eventLoop: loop)
        recording = .makeEmptyBox(valueType: Recording.self, eventLoop: loop)
        halted = loop.makePromise()
        self.logger = logger
    }

    /// Starts a server around the machine that `make` makes; what went wrong is thrown, and
    /// nothing stays behind then.
    package static func start<Machine: StateMachine<SyncNet>>(
        _ settings: CheckedSettings, logger: Logger, storingIn opener: @escaping StoreOpener,
        making make: @escaping @Sendable (ServerConfiguration) -> Machine
    ) async throws -> RunningServer {
        let server = RunningServer(logger: logger)
        do {
            try await server.bind(settings)
            let (recovered, notices) = try await server.disk.open(opener).get()
            for notice in notices { logger.warning("\(notice)") }
            try await server.run(make(settings.configuration), as: settings, from: recovered)
            return server
        } catch {
            await server.end(abruptly: true)
            throw error
        }
    }

    private func bind(_ settings: CheckedSettings) async throws {
        let (loop, disk, box, logger, halted) = (loop, disk, world, logger, halted)
        try await loop.flatSubmit {
            do {
                let world = try ServerWorld(
                    of: settings, on: loop, disk: disk, logger: logger,
                    onHalt: { halted.succeed($0) })
                box.value = world
                return world.sockets.bind()
            } catch {
                return loop.makeFailedFuture(error)
            }
        }.get()
    }

    private func run(
        _ machine: some StateMachine<SyncNet>, as settings: CheckedSettings,
        from recovered: Recovered
    ) async throws {
        logger.info(
            "recovered the log: \(recovered.last.number) entries",
            metadata: [
                "applied": "\(recovered.applied.number)", "boot": "\(recovered.boot.number)",
                "round": "\(recovered.ballot.round.number)",
            ])
        let (box, file) = (world, recordFile(of: settings))
        let (loop, recording, logger) = (loop, recording, logger)
        try await loop.submit {
            guard let file else { return box.value?.run(machine, from: recovered) ?? () }
            let own = Recording(in: file, of: settings, on: loop, logger: logger)
            recording.value = own
            box.value?.run(RecordedMachine(machine, in: own, on: loop), from: recovered)
        }.get()
    }

    /// The file of this start's record, where there is to be one and can be.
    private func recordFile(of settings: CheckedSettings) -> RecordFile? {
        guard let record = settings.settings.record else { return nil }
        do {
            return try RecordFile(of: settings.own.serverID, as: record)
        } catch {
            logger.warning("goes on without a record in \(record.directory): \(error)")
            return nil
        }
    }

    /// Calls back once when the server has ended; with the reason, where it ended by itself.
    package func whenEnded(_ body: @escaping @Sendable (HaltReason?) -> Void) {
        halted.futureResult.whenSuccess(body)
    }

    /// What was dropped at the door by now.
    package func counters() async throws -> Counters {
        let box = world
        return try await loop.submit { box.value?.counters ?? Counters() }.get()
    }

    /// How it is and what it has counted; nil where it has ended, or does not say in time.
    func measure(within limit: TimeAmount) async -> Measurement? {
        let box = world
        let timer = MultiThreadedEventLoopGroup.singleton.next()
        let answer = timer.makePromise(of: Measurement?.self)
        // Its own loop may be the very thing that does not answer.
        let deadline = timer.scheduleTask(in: limit) { answer.succeed(nil) }
        loop.execute { answer.succeed(box.value?.measurement) }
        let measurement = try? await answer.futureResult.get()
        deadline.cancel()
        return measurement ?? nil
    }

    /// The ports that are bound, in the order of binding.
    package func ports() async throws -> [BoundPort] {
        let box = world
        return try await loop.submit { box.value?.sockets.ports ?? [] }.get()
    }

    /// Ends the server cleanly: clients get what was on its way, the store is closed.
    package func stop() async { await end(abruptly: false) }

    /// Ends the server as if its process died: nothing that waits is sent or stored.
    package func kill() async { await end(abruptly: true) }

    private func end(abruptly: Bool) async {
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        let box = world
        try? await loop.flatSubmit { [loop] in
            box.value?.end(abruptly: abruptly) ?? loop.makeSucceededVoidFuture()
        }.get()
        let isDiskClosed = await closeDisk()
        await endRecording(abruptly: abruptly)
        try? await loop.submit {
            box.value?.dissolve()
            box.value = nil
        }.get()
        halted.succeed(nil)
        try? await nodeGroup.shutdownGracefully()
        if isDiskClosed { try? await diskGroup.shutdownGracefully() }
    }

    private func endRecording(abruptly: Bool) async {
        let (recording, loop) = (recording, loop)
        let written = loop.makePromise(of: Void.self)
        loop.execute {
            guard let own = recording.value else { return written.succeed() }
            own.end(abruptly: abruptly).cascade(to: written)
        }
        let limit = loop.scheduleTask(in: Self.diskTime) { written.succeed() }
        try? await written.futureResult.get()
        limit.cancel()
    }

    // A disk that hangs must not keep the process: what was acknowledged is on it.
    private func closeDisk() async -> Bool {
        let closed = loop.makePromise(of: Bool.self)
        disk.close().whenComplete { _ in closed.succeed(true) }
        let limit = loop.scheduleTask(in: Self.diskTime) { closed.succeed(false) }
        let isClosed = (try? await closed.futureResult.get()) ?? false
        limit.cancel()
        if !isClosed { logger.warning("the disk does not answer: ending without it") }
        return isClosed
    }
}
