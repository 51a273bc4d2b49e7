import NIOCore
import StateMachine
import SyncNetProtocol

/// A machine whose events are recorded: exactly what it is given, and exactly what it answers.
///
/// It stands where `drive` meets the machine, so nothing passes it by. A server that does not
/// record has a machine without it.
struct RecordedMachine<Machine: StateMachine<SyncNet>>: StateMachine {
    typealias Words = SyncNet

    private var machine: Machine
    private let recording: NIOLoopBound<Recording>

    /// Makes one on the recording's event loop.
    init(_ machine: Machine, in recording: Recording, on loop: any EventLoop) {
        self.machine = machine
        self.recording = NIOLoopBound(recording, eventLoop: loop)
    }

    var me: NodeID { machine.me }

    mutating func handle(
        _ event: Event<SyncNet>, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        let former = effects.list.count
        machine.handle(event, now: now, into: &effects)
        recording.value.take(event, at: now, leadingTo: effects.list[former...])
    }
}

extension RecordedMachine: MeasurableMachine where Machine: MeasurableMachine {
    func figures(at time: Instant) -> Figures { machine.figures(at: time) }
}
