/// Gives a machine an event and performs what follows: the only interpreter of effects.
///
/// The real runtime and the simulator both call it, for servers, clients and anybody
/// else's machines.
/// - Complexity: linear in the number of effects.
@inlinable
public func drive<Machine: StateMachine, Surroundings: World & ~Copyable>(
    _ machine: inout Machine, _ event: Event<Machine.Words>, in world: inout Surroundings,
    reusing effects: inout Effects<Machine.Words>
) where Surroundings.Words == Machine.Words {
    let me = machine.me
    effects.removeAll()
    machine.handle(event, now: world.read(by: me), into: &effects)
    // In place: an iterator would copy every effect once more.
    effects.list.withUnsafeBufferPointer { list in
        for index in list.indices { perform(list[index], of: me, in: &world) }
    }
    world.settle(me)
}

@inlinable
func perform<Surroundings: World & ~Copyable>(
    _ effect: Effect<Surroundings.Words>, of me: NodeID, in world: inout Surroundings
) {
    switch effect {
    case .datagram(let message, let peer): world.datagram(message, from: me, to: peer)
    case .publish(let message): world.publish(message, from: me)
    case .open(let peer): world.open(from: me, to: peer)
    case .send(let message, let stream): world.send(message, from: me, on: stream)
    case .close(let stream): world.close(stream, from: me)
    case .arm(let timer, let range): world.arm(timer, of: me, within: range)
    case .cancel(let timer): world.cancel(timer, of: me)
    case .write(let write, let ticket): world.write(write, by: me, ticket: ticket)
    case .fetch(let query, let ticket): world.fetch(query, by: me, ticket: ticket)
    case .output(let output): world.output(output, by: me)
    case .note(let mark): world.note(mark, by: me)
    case .halt: world.halt(me)
    }
}
