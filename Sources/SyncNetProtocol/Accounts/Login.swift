package import StateMachine

/// How a connection stands to the accounts.
package struct Login: Equatable, Sendable {
    /// Who has logged in on it.
    package var name: Text?
    /// Whether its owner may change accounts.
    package var isOperator = false
    /// How often a password was wrong.
    package var failures = 0
    /// Whether a password is being looked at.
    package var isChecking = false

    package init() {}
}

/// What waits for slow work with a password.
package struct PendingPassword: Equatable, Sendable {
    package enum Purpose: Equatable, Sendable {
        /// A login by an account that had this verifier.
        case login(verifier: Text?)
        /// An account to be made or changed.
        case account(name: Text, isOperator: Bool)
    }

    package var id: UInt64
    package var stream: StreamID
    /// Whose request it is, without its password.
    package var request: ClientRequest
    package var stamp: Stamp
    package var purpose: Purpose
}
