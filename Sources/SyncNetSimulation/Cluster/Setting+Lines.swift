import DeterministicSimulation
import StateMachine

extension Setting {
    /// What a run was set to, for stories: its scenario, in which all that was drawn before
    /// the run is fixed. Whoever draws another setting fixes it here. Small limits stay small
    /// ones: with them streams are congested sooner.
    var lines: [StorySetting] {
        var fixed = scenario
        fixed.servers = UInt64(servers)...UInt64(servers)
        fixed.spares = UInt64(servers - founders)...UInt64(servers - founders)
        fixed.clients = UInt64(clients)...UInt64(clients)
        fixed.timings = scenario.timings.filter { $0.timing == timing }.prefix(1).map(\.self)
        fixed.duration = duration...duration
        fixed.limits = limits
        fixed.points = points
        fixed.hasFaultPoints = points != nil
        fixed.firstName = firstName > 0 ? firstName : nil
        fixed.hasOddNames = firstName > 0
        fixed.isSwarm = false
        fixed.faults = faults
        return fixed.lines
    }
}
