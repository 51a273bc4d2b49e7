/// What a server dropped or refused at its door, by reason.
package struct Counters: Equatable, Sendable {
    /// Why something was dropped.
    package enum Reason: Int, Sendable, CaseIterable {
        /// A datagram of nobody known on a port for members.
        case unknownSource
        /// A datagram that says nothing.
        case undecodableDatagram
        /// A datagram of a kind that does not belong on its port.
        case misplacedDatagram
        /// A message too large for a datagram.
        case oversizeDatagram
        /// A datagram that the system did not take.
        case unsentDatagram
        /// A stream of nobody known, or of another cluster.
        case refusedHello
        /// A frame of a peer that says nothing.
        case undecodableFrame
        /// A message that does not belong on its stream.
        case misplacedMessage
        /// A message of a peer in a version of the format that this server does not know.
        case unknownVersion
        /// A datagram or a stream of somebody who does not know the cluster's secret.
        case unauthenticated
        /// A datagram that came before, or is of an earlier start of its sender.
        case replayedDatagram
        /// A datagram for an earlier start of this server.
        case staleDatagram
        /// A client's connection over the limit of its address.
        case crowdedAddress
        /// A password over the limit of its address.
        case crowdedPasswords
        /// A request over the limit of its connection.
        case hastyRequest
        /// A client's connection that said nothing, or no whole line, for too long.
        case silentConnection
        /// A stream to the port for servers while too many others say nothing.
        case crowdedStreams
        /// A stream that did not say in time who opens it.
        case silentStream
        /// A client's connection with TLS where there is none, or without it where there is.
        case mismatchedTLS
        /// A client's connection whose TLS handshake failed.
        case failedHandshake
        /// A stream between servers that don't trust each other's certificates.
        case untrustedStream

        /// As people read it.
        package var name: String {
            switch self {
            case .unknownSource: "datagrams of unknown senders"
            case .undecodableDatagram: "datagrams without sense"
            case .misplacedDatagram: "datagrams on the wrong port"
            case .oversizeDatagram: "messages too large for a datagram"
            case .unsentDatagram: "datagrams that the system refused"
            case .refusedHello: "streams of unknown or differently configured servers"
            case .undecodableFrame: "streams with a frame without sense"
            case .misplacedMessage: "messages on the wrong kind of stream"
            case .unknownVersion: "messages in an unknown version"
            case .unauthenticated: "datagrams and streams without the cluster's secret"
            case .replayedDatagram: "datagrams that came before"
            case .staleDatagram: "datagrams for an earlier start of this server"
            case .crowdedPasswords: "passwords over the limit of an address"
            case .crowdedAddress: "connections over the limit of an address"
            case .hastyRequest: "requests over the limit of a connection"
            case .silentConnection: "connections that said no whole line in time"
            case .crowdedStreams: "streams while too many others had not said who opens them"
            case .silentStream: "streams that did not say in time who opens them"
            case .mismatchedTLS: "connections with TLS where there is none, or the other way round"
            case .failedHandshake: "connections whose TLS handshake failed"
            case .untrustedStream: "streams between servers that don't trust each other"
            }
        }
    }

    private var counts = [UInt64](repeating: 0, count: Reason.allCases.count)

    /// Makes counters at zero.
    package init() {}

    /// How often it happened.
    package subscript(reason: Reason) -> UInt64 { counts[reason.rawValue] }

    /// Counts one; says whether it is worth a line in the log: the 1st, 2nd, 4th, 8th, …
    package mutating func count(_ reason: Reason) -> Bool {
        counts[reason.rawValue] += 1
        let count = counts[reason.rawValue]
        return count & (count - 1) == 0
    }
}
