extension Limits {
    /// Orders of a client's owner that wait for a place among the outstanding ones. A person
    /// never gets there; a program that does is told instead of using up memory.
    public static let queuedOrdersMax = 8_192
    /// Reads of a client's owner without an answer.
    public static let pendingReadsMax = 1_024
    /// Pushed messages that a client keeps per room while it fetches what is missing before
    /// them. Later ones are fetched too.
    public static let heldMessagesMax = 256
    /// Rooms that a listener of the multicast group follows; more are not heard.
    public static let groupRoomsMax = 4_096
    /// How often in a row a client is told to try again before it tries another server.
    static let pausesMax: UInt32 = 4
    /// How often in a row the lowest request may be told of a gap before the session is given
    /// up: a server that lags behind says so once, not for ever.
    static let gapsMax: UInt32 = 3
    /// How often an order is sent again whose outcome no server knows. That is for as long as
    /// no leader commits anything; servers that keep fewer answers than the client has
    /// requests outstanding would say so for ever.
    static let doubtsMax: UInt32 = 64
    /// How often in a row a quiet server says that it knows no leader before another one is tried;
    /// each time as often again.
    static let leaderlessSignsLeast: UInt32 = 3
    /// How often the pause between two tries doubles.
    static let pauseDoublingsMax: UInt32 = 4
    /// Reads and discovery are numbered from here, where no request of a session gets.
    static let firstReadNumber: UInt64 = 1 << 40
    /// The number of a login, below those of reads.
    static let loginNumber = firstReadNumber - 1
    /// How often in a row servers may refuse a login before it is given up: one that lags behind
    /// need not know the account yet.
    static let loginsRefusedMax = 3
    /// Bytes of a line around the texts in it: keys, numbers, punctuation.
    static let lineOverheadBytes = 1_024
    /// Bytes that the number of a new session may add to the session's name.
    static let sessionSuffixBytes = 21
}
