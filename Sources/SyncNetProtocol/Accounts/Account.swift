public import StateMachine

/// Somebody who logs in with a password.
public struct Account: Equatable, Sendable {
    /// By what others know them.
    public var name: Text
    /// What tells a right password from a wrong one. Made and read by the world only.
    public var verifier: Text
    /// Whether they may make, change and remove accounts.
    public var isOperator: Bool

    /// Makes an account.
    public init(name: Text, verifier: Text, isOperator: Bool) {
        self.name = name
        self.verifier = verifier
        self.isOperator = isOperator
    }
}

/// An account as operators are shown it.
public struct AccountEntry: Equatable, Sendable {
    /// Whose it is.
    public var name: Text
    /// Whether they may make, change and remove accounts.
    public var isOperator: Bool

    /// Makes an entry.
    public init(name: Text, isOperator: Bool) {
        self.name = name
        self.isOperator = isOperator
    }
}

/// A change of the accounts, to be stored.
public struct AccountChange: Equatable, Sendable {
    /// Whose account.
    public var name: Text
    /// How it is now; nil where it was removed.
    public var account: Account?

    /// Makes a change.
    public init(name: Text, account: Account?) {
        self.name = name
        self.account = account
    }
}

/// Who has to log in before a server does anything but discovery for them.
public enum AccountPolicy: Equatable, Sendable, CaseIterable {
    /// Nobody: every name is free.
    case off
    /// Who uses a name that has an account.
    case optional
    /// Everybody.
    case required

    /// The word in a configuration.
    public var word: StaticString {
        switch self {
        case .off: "off"
        case .optional: "optional"
        case .required: "required"
        }
    }
}

/// Slow work with a password that a server leaves to its world: on purpose it takes long.
public struct PasswordJob: Equatable, Sendable {
    /// What is to be done.
    public enum Task: Equatable, Sendable {
        /// Make a verifier.
        case make
        /// See whether the password is the one of this verifier. Without one it isn't, and that
        /// takes as long.
        case check(Text?)
    }

    /// Comes back with the answer.
    public var id: UInt64
    /// On whose connection it was sent.
    public var stream: StreamID
    /// The password.
    public var password: Text
    /// What is to be done.
    public var task: Task

    /// Makes a job.
    public init(id: UInt64, stream: StreamID, password: Text, task: Task) {
        self.id = id
        self.stream = stream
        self.password = password
        self.task = task
    }
}
