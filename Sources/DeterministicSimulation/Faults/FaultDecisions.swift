extension DecisionKind {
    /// Whether bytes of a datagram change on its way.
    public static let packetCorrupted = DecisionKind("packet.corrupted", from: .network)
    /// Which bytes change: the first, and how many.
    public static let packetDamage = DecisionKind("packet.damage", from: .network)
    /// How one of those bytes changes.
    public static let packetDamagedByte = DecisionKind("packet.damagedByte", from: .network)
    /// How many fewer than the most bytes are read at once, of those that arrive.
    public static let streamPiece = DecisionKind("stream.piece", from: .network)
    /// How long a receiver waits between two pieces of what it reads.
    public static let streamPause = DecisionKind("stream.pause", from: .network)
    /// How many fewer than the most bytes leave at once, of those that are sent.
    public static let streamWritten = DecisionKind("stream.written", from: .network)
    /// How long a sender waits between two pieces of what it sends.
    public static let streamWritePause = DecisionKind("stream.writePause", from: .network)
    /// How fast a node's clock runs.
    public static let clockRate = DecisionKind("clock.rate", from: .timers)
    /// How long a restart on purpose takes.
    public static let restartPause = DecisionKind("restart.pause", from: .faults)
    /// What is damaged, misplaced or missing on a disk in trouble.
    public static let diskDamage = DecisionKind("disk.damage", from: .disk)
}
