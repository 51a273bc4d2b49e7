import ArgumentParser
import SyncNetProtocol

/// Lamport's clock alone.
struct TryLamport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lamport",
        abstract: "Tick a Lamport clock, or update it with a received stamp.")

    @Argument(help: "\"tick\", or the stamp of a received message, in order.")
    var steps: [String]

    func run() throws {
        var clock = LamportClock()
        for step in steps {
            if step == "tick" {
                Terminal.print("tick: \(clock.tick().number)")
            } else if let number = UInt64(step) {
                guard LamportClock.isCredible(Stamp(number), own: clock.value) else {
                    Terminal.print("update(\(number)): refused, too far ahead")
                    continue
                }
                Terminal.print("update(\(number)): \(clock.update(Stamp(number)).number)")
            } else {
                throw Failure("\"\(step)\" is neither \"tick\" nor a stamp")
            }
        }
    }
}
