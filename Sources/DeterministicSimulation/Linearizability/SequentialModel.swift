/// What an object does when one operation at a time is applied to it: the specification that
/// a concurrent history is judged by.
///
/// ```swift
/// struct Register: SequentialModel {
///     enum Operation { case read, write(Int) }
///     let initial = 0
///
///     func apply(_ operation: Operation, to value: inout Int) -> Int? {
///         switch operation {
///         case .read: return value
///         case .write(let new):
///             value = new
///             return nil
///         }
///     }
/// }
/// ```
public protocol SequentialModel: Sendable {
    /// What the object remembers. It is copied at each step of a search, so a small one is
    /// better: what a log's length and digest can say needs no log.
    associatedtype State: Equatable & Sendable
    /// What can be asked of it.
    associatedtype Operation: Sendable
    /// What it answers.
    associatedtype Result: Equatable & Sendable
    /// The name of one of several independent objects, such as rooms.
    associatedtype Key: Comparable & Sendable = Int

    /// The state before the first operation.
    var initial: State { get }

    /// Applies one operation, and says what it answers then.
    func apply(_ operation: Operation, to state: inout State) -> Result

    /// The object that an operation is about. Objects are judged one by one, since a history
    /// is linearizable when its part about each object is (Herlihy & Wing 1990, theorem 1).
    func key(of operation: Operation) -> Key

    /// Adds to the digest what tells a state from others.
    ///
    /// For speed only: states are compared before they count as the same. By default nothing
    /// is added, which is right where few states are reached.
    func digest(_ state: State, into digest: inout StateDigest)
}

extension SequentialModel where Key == Int {
    /// The one object that there is.
    public func key(of operation: Operation) -> Int { 0 }
}

extension SequentialModel {
    /// Adds nothing.
    public func digest(_ state: State, into digest: inout StateDigest) {}
}

/// A fixed hash of a model's state: the same in every process and on every machine.
public struct StateDigest: Equatable, Sendable {
    /// The hash of what was added.
    public private(set) var value: UInt64 = 0

    /// Makes the digest of nothing.
    public init() {}

    /// Adds a number.
    public mutating func add(_ number: UInt64) { value = TraceHash.fold(value, number) }

    /// Adds a number.
    public mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }
}
