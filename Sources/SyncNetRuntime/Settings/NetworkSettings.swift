/// The guide's network constants, and the sizes of buffers. All of it can be set.
package struct NetworkSettings: Equatable, Sendable {
    /// The group to which committed chat goes.
    package var multicastGroup = "239.0.0.1"
    /// How many routers a multicast may pass.
    package var multicastTTL = 2
    /// The address of all machines of the network; that of the loopback network by default.
    package var broadcastAddress = "127.255.255.255"
    /// The first size of a buffer for datagrams of heartbeats and tokens; it never cuts one.
    package var bufferSize = 1_024
    /// The first size of a buffer for multicast and for streams.
    package var multicastBufferSize = 10_240
    /// How many bytes of several messages go out by multicast together, under load: by default
    /// what one Ethernet frame holds. On the loopback network, which has larger frames, it is as
    /// many as the buffer holds. 0: each message alone.
    package var multicastPackBytes = 1_400
    /// The largest datagram. What is larger is refused and counted, or goes over TCP.
    package var datagramBytesMax = 60_000
    /// Bytes that wait for a client before its stream counts as congested.
    package var clientBacklogBytes = 256 << 10
    /// Bytes that wait for another server before its stream counts as congested.
    package var peerBacklogBytes = 8 << 20
    /// Bytes that wait on one stream before it is cut; a page of history has to fit.
    package var streamBacklogBytesMax = 1 << 27
    /// Strangers whose datagrams are answered; the one heard longest ago is forgotten first.
    package var guests = 256

    /// Client connections from one address.
    package var connectionsPerAddress = 16_384
    /// Passwords from one address that wait to be looked at. Addresses take turns.
    package var passwordsPerAddress = 128
    /// Requests of one connection in a second, on average. What is over it is refused.
    package var requestsPerSecond = 20_000
    /// Requests that one connection may send at once, however short the time.
    package var requestBurst = 40_000
    /// Seconds in which a new connection has to say its first line; 0 for no limit.
    package var firstLineSeconds = 120
    /// Seconds that a line may take from its first byte to its end; 0 for no limit.
    package var lineSeconds = 30
    /// Seconds that a connection may say nothing; 0 for no limit: who listens need not speak.
    package var idleSeconds = 0
    /// Streams to the port for servers whose opener has not said yet who it is.
    package var unprovenStreams = 256

    /// Makes the guide's constants.
    package init() {}

    /// How many bytes go out by multicast together from an address of this kind.
    func packBytes(onLoopback isLoopback: Bool) -> Int {
        guard multicastPackBytes > 0 else { return 0 }
        let most = isLoopback ? max(multicastPackBytes, multicastBufferSize) : multicastPackBytes
        return min(most, datagramBytesMax)
    }
}
