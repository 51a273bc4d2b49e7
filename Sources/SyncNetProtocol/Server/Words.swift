public import StateMachine

/// The words of SyncNet's servers and clients.
public enum SyncNet: Vocabulary {
    /// What nodes say to each other.
    public typealias Message = SyncNetProtocol.Message
    /// Names of timers.
    public typealias Timer = TimerName
    /// What a server keeps.
    public typealias Write = JournalWrite
    /// What a server reads back.
    public typealias Query = JournalQuery
    /// What its journal answers.
    public typealias Answer = JournalAnswer
    /// What a node finds at its start.
    public typealias Recovery = Start
    /// What a node's owner asks.
    public typealias Input = ClientInput
    /// What a node tells its owner.
    public typealias Output = NodeOutput
    /// Facts for traces and checkers.
    public typealias Mark = SyncNetProtocol.Mark
}

/// What a node finds at its start.
public enum Start: Equatable, Sendable {
    /// A server finds what its journal kept.
    indirect case server(Recovered)
    /// A client finds nothing.
    case client
}

/// Names of timers.
public enum TimerName: Equatable, Sendable {
    /// Server: send heartbeats, look for silent peers, step down without a quorum.
    case heartbeat
    /// Server: the silent leader's death, or another moment at which the detector looks.
    case detector
    /// Server: no leader was found since the start, or nobody answered an introduction.
    case discovery
    /// Server: send an own token again.
    case tokenRetry
    /// Server: the neighbour did not take a token of the lap.
    case hop(Lap)
    /// Server: a probed peer did not answer.
    case probe(NodeID)
    /// Server: open a broken stream again.
    case reconnect(NodeID)
    /// Server: sweep requests that wait too long, store what was applied.
    case sweep
    /// Server: ask again for confirmation of a read.
    case confirm
    /// Client: look for another server.
    case reconnectClient
    /// Client: the server does not answer.
    case answer
}

/// What a client's owner asks of it. `order` comes back with the result.
public enum ClientInput: Equatable, Sendable {
    /// The servers that can be reached, in the order in which to try them.
    case servers([NodeID])
    /// Become a member of a room and follow it after an index (nil: from where it joins). Where
    /// there is none yet, a private one is made so that only members read it.
    case join(order: UInt64, room: Text, after: LogIndex?, isPrivate: Bool = false)
    /// Make somebody else a member of a private room.
    case invite(order: UInt64, room: Text, guest: Text)
    /// Give up membership.
    case leave(order: UInt64, room: Text)
    /// Say something.
    case say(order: UInt64, room: Text, text: Text)
    /// A page of history, or the members.
    case history(order: UInt64, HistoryRequest)
    /// The servers of the cluster, and with `status` how the connected one sees them.
    case discover(order: UInt64, status: Bool)
    /// Server: a password is worked out, to the verifier that was made of it or that it fits; nil
    /// where it fits none.
    case passwordDone(job: UInt64, verifier: Text?)
    /// Server: a password will not be worked out, since too many of the same origin wait.
    case passwordTurnedAway(job: UInt64)
    /// Make a server a member of the cluster, or a member no more; answered with the servers.
    case change(order: UInt64, add: Bool, id: Text)
    /// Answer what is outstanding no more, close the connection, and stop.
    case quit
    /// Client: log in with this password from now on, at once and on a connection of its own;
    /// also after ``NodeOutput/loginRefused(detail:)``, and then all goes on that waited. An empty
    /// one stands for none.
    case logIn(password: Text)
}

/// What a node tells its owner.
public enum NodeOutput: Equatable, Sendable {
    /// Client: connected to a server.
    case connected(NodeID)
    /// Client: the connection is lost; it looks for another server by itself.
    case disconnected
    /// Client: a room's message, each once and in order.
    indirect case message(RoomMessage)
    /// Client: the order was done, at this index.
    case done(order: UInt64, LogIndex)
    /// Client: the order was refused and will not be tried again.
    indirect case refused(order: UInt64, NackReason, detail: Text)
    /// Client: no member of this private room any more, though its owner did not leave it.
    indirect case excluded(room: Text)
    /// Client: the password is wrong, or there is no such account; it waits for another one.
    indirect case loginRefused(detail: Text)
    /// Server: a password is to be worked out, away from everything that must not wait.
    indirect case passwordJob(PasswordJob)
    /// Client: a page.
    indirect case page(order: UInt64, HistoryPage)
    /// Client: the servers.
    indirect case servers(order: UInt64, [ServerAddress], ServerStatus?)
    /// Server: something for the log that people read.
    indirect case report(Report)
}

/// What a server says to the people who run it.
public enum Report: Equatable, Sendable {
    /// Waits for the other members, to form the cluster or to find it.
    case looking
    /// The cluster is formed.
    case formed(ClusterID)
    /// An empty disk is being filled by the others.
    case recovering
    /// A full member again.
    case recovered
    /// A peer belongs to another cluster or has other members configured.
    case otherCluster(NodeID)
    /// A peer is taken for dead.
    case suspected(NodeID)
    /// A peer is back.
    case trusted(NodeID)
    /// An election begins.
    case electing(Epoch)
    /// This server leads.
    case leading(Epoch)
    /// This server follows.
    case following(NodeID, Epoch)
    /// This server leads no more.
    case steppedDown(Epoch, StepDown)
    /// This server leads, and has put into its log that a server becomes a member, or is one no
    /// more. That is not committed yet.
    case changing(NodeID)
    /// A server is a member from now on.
    case added(NodeID)
    /// A server is a member no more; it ends, if it is this one.
    case removed(NodeID)
    /// The configured servers don't begin with these, with which the cluster was formed: the
    /// server ends.
    case otherMembers([Text])
    /// What this server's disk keeps is another server's: the server ends.
    case otherDisk(NodeID)
    /// The journal failed: the server ends.
    case journalFailed(JournalFailure)
}
