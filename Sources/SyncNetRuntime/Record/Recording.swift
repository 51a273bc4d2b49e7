import Logging
import NIOCore
import NIOPosix
import NodeRuntime
import StateMachine
import SyncNetProtocol
import SyncNetWire

/// Records what one server's machine is told and what it asks for. Belongs to the event loop of
/// the machine, which only encodes; another thread waits for the disk.
///
/// Whatever goes wrong ends the recording, and never the server.
final class Recording {
    /// How long an event waits in memory before it is given to the kernel.
    private static let pause = TimeAmount.milliseconds(100)
    /// So much is given to the kernel without waiting.
    private static let chunkBytes = 1 << 16
    /// So much may wait while the disk hangs.
    private static let waitingBytesMax = 1 << 26

    private let file: RecordFile
    private let loop: any EventLoop
    private let logger: Logger
    private var writer: RecordWriter
    private var waiting: [UInt8] = []
    private var taken: UInt64 = 0
    private var isOpen = true
    private var isBusy = false
    private var isScheduled = false
    private var whenWritten: EventLoopPromise<Void>?

    /// Begins a record. On its event loop.
    init(
        in file: RecordFile, of settings: CheckedSettings, on loop: any EventLoop, logger: Logger
    ) {
        self.file = file
        self.loop = loop
        self.logger = logger
        let header = RecordHeader(
            server: Text(settings.own.serverID), began: LoopClock<SyncNet>.read().wall,
            keepsEffects: settings.settings.record?.keepsEffects ?? false,
            configuration: settings.configuration)
        writer = RecordWriter(header, veil: .drawn(), into: &waiting)
        logger.info("records its events in \(file.path)")
        handOver()
    }

    /// Takes an event and what followed from it.
    func take(
        _ event: Event<SyncNet>, at now: ClockReading,
        leadingTo effects: ArraySlice<Effect<SyncNet>>
    ) {
        guard isOpen else { return }
        writer.append(event, at: now, leadingTo: effects, into: &waiting)
        if taken + UInt64(waiting.count) >= file.bytesMax { return endAtLimit() }
        if waiting.count >= Self.chunkBytes { return handOver() }
        guard !isScheduled else { return }
        isScheduled = true
        loop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isScheduled = false
            self.handOver()
        }
    }

    /// Ends the record; answers when all of it is written. With `abruptly` as if the process
    /// died: what waits is lost.
    func end(abruptly: Bool) -> EventLoopFuture<Void> {
        let written = loop.makePromise(of: Void.self)
        if isOpen {
            isOpen = false
            if abruptly { waiting = [] } else { writer.end(.stopped, into: &waiting) }
        }
        whenWritten = written
        handOver()
        return written.futureResult
    }

    private func endAtLimit() {
        isOpen = false
        writer.end(.limit, into: &waiting)
        logger.warning(
            "recording stops: the records of this server take as much as they may",
            metadata: ["record": "\(file.path)", "events": "\(writer.events)"])
        handOver()
    }

    private func handOver() {
        guard !isBusy else {
            if waiting.count > Self.waitingBytesMax { give(up: "the disk does not take it") }
            return
        }
        guard !waiting.isEmpty else { return settle() }
        isBusy = true
        taken += UInt64(waiting.count)
        let (file, chunk) = (file, waiting)
        waiting = []
        waiting.reserveCapacity(2 * Self.chunkBytes)
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try file.write(chunk) }
            .assumeIsolated().whenComplete { result in
                self.isBusy = false
                if case .failure(let error) = result { self.give(up: "\(error)") }
                if self.waiting.count >= Self.chunkBytes || !self.isOpen { self.handOver() }
            }
    }

    private func give(up reason: String) {
        waiting = []
        guard isOpen else { return }
        isOpen = false
        logger.warning("recording stops, the server goes on: \(reason)")
    }

    /// Closes the file, once nothing is to come.
    private func settle() {
        guard !isOpen, let whenWritten else { return }
        self.whenWritten = nil
        file.close()
        whenWritten.succeed()
    }
}
