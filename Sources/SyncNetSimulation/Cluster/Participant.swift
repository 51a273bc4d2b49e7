package import StateMachine
package import SyncNetProtocol

/// Any node of a simulated cluster: a server, a client, or a client of the plainest sort.
///
/// A struct of optionals, so that each machine works in place and is never copied.
package struct Participant: StateMachine {
    /// SyncNet's.
    package typealias Words = SyncNet

    /// Who it is.
    package let me: NodeID
    private enum Kind: Equatable, Sendable {
        case server
        case client
        case plain
        case stubborn
    }

    private let kind: Kind
    /// What it goes by, if it is a client.
    package var name: Text { plain?.name ?? stubborn?.name ?? client?.name ?? Text(me.name) }
    /// The server that it is, if it is one.
    package private(set) var server: Server?
    /// The client that it is, if it is one.
    package private(set) var client: Client?
    /// The client without a session that it is, if it is one.
    package private(set) var plain: PlainClient?
    /// The client that sends everything twice and more, if it is one.
    package private(set) var stubborn: StubbornClient?

    /// Makes a server of it.
    package init(_ server: Server) {
        me = server.me
        kind = .server
        self.server = server
    }

    /// Makes a client of it.
    package init(_ client: Client) {
        me = client.me
        kind = .client
        self.client = client
    }

    /// Makes a plain client of it.
    package init(_ plain: PlainClient) {
        me = plain.me
        kind = .plain
        self.plain = plain
    }

    /// Makes a stubborn client of it.
    package init(_ stubborn: StubbornClient) {
        me = stubborn.me
        kind = .stubborn
        self.stubborn = stubborn
    }

    /// Hands the event on to what it is.
    package mutating func handle(
        _ event: Event<SyncNet>, now: ClockReading, into effects: inout Effects<SyncNet>
    ) {
        // Asking an optional whether it is there would copy the machine.
        switch kind {
        case .server: server?.handle(event, now: now, into: &effects)
        case .client: client?.handle(event, now: now, into: &effects)
        case .plain: plain?.handle(event, now: now, into: &effects)
        case .stubborn: stubborn?.handle(event, now: now, into: &effects)
        }
    }
}
