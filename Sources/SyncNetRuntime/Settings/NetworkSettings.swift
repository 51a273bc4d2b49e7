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

    /// Makes the guide's constants.
    package init() {}
}
