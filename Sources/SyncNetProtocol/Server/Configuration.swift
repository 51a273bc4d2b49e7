public import StateMachine

/// A member of the cluster, as the configuration names it.
public struct Member: Equatable, Sendable {
    /// Its id.
    public var id: Text
    /// The host that it listens on.
    public var host: Text
    /// Its TCP port for clients.
    public var port: UInt16

    /// Makes a member.
    public init(id: Text, host: Text, port: UInt16) {
        self.id = id
        self.host = host
        self.port = port
    }
}

/// What a server is told once, when it is made.
public struct ServerConfiguration: Equatable, Sendable {
    /// Its own rank.
    public var me: NodeID
    /// All servers by rank: server `i` is `NodeID(i)`. Who of them is a member of the cluster
    /// says its log; where they are, this list. Servers are added at its end.
    public var members: [Member]
    /// How many of them, the first ones, are the members of a cluster that is new. All have to
    /// say that they are new before it is formed.
    public var founders: Int
    /// How long it waits for what.
    public var timing: Timing
    /// How much it takes on.
    public var limits: Limits
    /// Whether the operator said that this is a new cluster, though not every member is there.
    public var formsNewCluster: Bool
    /// Who has to log in.
    public var accounts: AccountPolicy
    /// Who knows this may make accounts; nil where nobody may in this way.
    public var operatorToken: Text?

    /// Makes a configuration.
    public init(
        me: NodeID, members: [Member], founders: Int? = nil, timing: Timing = .guide,
        limits: Limits = Limits(), formsNewCluster: Bool = false,
        accounts: AccountPolicy = .off, operatorToken: Text? = nil
    ) {
        self.me = me
        self.members = members
        self.founders = founders ?? members.count
        self.timing = timing
        self.limits = limits
        self.formsNewCluster = formsNewCluster
        self.accounts = accounts
        self.operatorToken = operatorToken
    }

    /// How many founders make a majority: n/2 + 1.
    public var quorum: Int { founders / 2 + 1 }
}
