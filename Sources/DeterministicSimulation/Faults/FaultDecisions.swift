extension DecisionKind {
    /// Whether bytes of a datagram change on its way.
    public static let packetCorrupted = DecisionKind("packet.corrupted", from: .network)
    /// Which bytes change, and to what.
    public static let packetDamage = DecisionKind("packet.damage", from: .network)
    /// How many of the bytes that arrive are read at once.
    public static let streamPiece = DecisionKind("stream.piece", from: .network)
    /// How long a sender waits between two pieces of what it sends.
    public static let streamPause = DecisionKind("stream.pause", from: .network)
    /// How fast a node's clock runs.
    public static let clockRate = DecisionKind("clock.rate", from: .timers)
    /// How long a restart on purpose takes.
    public static let restartPause = DecisionKind("restart.pause", from: .faults)
    /// What is damaged, misplaced or missing on a disk in trouble.
    public static let diskDamage = DecisionKind("disk.damage", from: .disk)
}
