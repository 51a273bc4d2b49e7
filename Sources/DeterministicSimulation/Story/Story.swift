public import StateMachine

/// One line of a configuration: what is set, and to what.
public struct StorySetting: Equatable, Sendable {
    /// What: words joined by dots, without spaces.
    public var key: String
    /// To what.
    public var value: String

    /// Joins the two.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// A run that can be told: a configuration, and the choices that differ from what is chosen
/// where nothing is said. All else follows from it.
public struct Story: Equatable, Sendable {
    /// The name of the scenario that was run.
    public var scenario: String
    /// The seed from which it once came. Nothing is drawn from it any more.
    public var seed: UInt64
    /// What the scenario was set to: enough to run it when its own file has changed.
    public var settings: [StorySetting] = []
    /// The property that broke, if one did, with what was seen.
    public var violation: Violation?
    /// The hash of the whole run.
    public var hash: UInt64 = 0
    /// When the run ended.
    public var end = Instant.zero
    /// Where it was told to stop; nil where it was not.
    public var until: Instant?
    /// The choices.
    public var choices = DecisionList()

    /// Makes a story without choices.
    public init(scenario: String, seed: UInt64) {
        self.scenario = scenario
        self.seed = seed
    }

    /// The first value that is set under a key.
    public func setting(_ key: String) -> String? {
        settings.first { $0.key == key }?.value
    }
}
