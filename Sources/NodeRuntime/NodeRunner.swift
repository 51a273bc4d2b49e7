package import StateMachine

/// Runs one machine in the real world: owns the machine, its world and the effects buffer,
/// and calls `drive`, the same that the simulator calls.
///
/// Belongs to one event loop. Effects are performed in order, before the next event.
package final class NodeRunner<Machine: StateMachine, Surroundings: World>
where Surroundings.Words == Machine.Words {
    private var machine: Machine
    private var world: Surroundings
    private var effects = Effects<Machine.Words>()

    private init(_ machine: Machine, in world: Surroundings) {
        self.machine = machine
        self.world = world
    }

    /// Gives the machine all events of the inbox, until that is closed.
    /// - Returns: A look at the machine; nil once it has ended.
    @discardableResult
    package static func run(
        _ machine: Machine, in world: Surroundings, from inbox: Inbox<Machine.Words>
    ) -> () -> Machine? {
        // The inbox owns the runner: closing the one ends the other.
        let runner = NodeRunner(machine, in: world)
        inbox.open { runner.handle($0) }
        return { [weak runner] in runner?.machine }
    }

    private func handle(_ event: Event<Machine.Words>) {
        drive(&machine, event, in: &world, reusing: &effects)
    }
}
