/// Somebody who writes and reads while servers are tormented.
package protocol Tormented: Actor {
    /// What it is called.
    nonisolated var id: String { get }
    /// How often it was answered by now, in all its lives.
    nonisolated var answers: UInt64 { get }
    /// Whether it has ended, with everything answered that it asked last.
    var isDone: Bool { get }
    /// Lives until it is stopped, and then does one thing of each kind: both must be answered.
    func live() async
    /// Asks it to end.
    func stop()
}
