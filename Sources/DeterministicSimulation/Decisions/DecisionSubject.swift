/// What choices are about, within their kind: the third strike, the fifth thing that a person
/// does, the seventh message of a sort between two nodes.
///
/// ```swift
/// decisions.subject = DecisionSubject("strike", 3)
/// ```
public struct DecisionSubject: Sendable {
    /// One word, the same in every version of the code that means the same by it.
    public var label: StaticString
    /// Which one of them, from 1; 0 where there is only one.
    public var number: UInt64

    /// Makes a subject.
    @inlinable
    public init(_ label: StaticString, _ number: UInt64 = 0) {
        self.label = label
        self.number = number
    }

    /// Nothing in particular.
    @inlinable public static var none: DecisionSubject { DecisionSubject("") }
}
