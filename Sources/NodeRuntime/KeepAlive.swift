import Foundation
public import NIOCore

/// After how long the operating system gives a connection up on which nothing gets through: 10 to
/// 20 s, as in simulations.
///
/// Left to itself Linux keeps one for a quarter of an hour where something waits for its
/// acknowledgement, and for two hours where nothing does. So long a leader whose packets a rule
/// of a firewall swallows would believe that it can replicate, and a client whose server lost
/// its power that nobody says anything.
public enum KeepAlive {
    /// Seconds without traffic until the other side is asked whether it is there.
    private static let idle: Int = 10
    /// Seconds until it is asked again.
    private static let interval: Int = 2
    /// How many such questions may stay without an answer.
    private static let probes: Int = 3
    /// Milliseconds for which what was sent may stay unacknowledged.
    private static let unacknowledged: Int = 15_000

    /// The same as options of a socket, as far as the system has them.
    ///
    /// Between servers what was sent may stay unacknowledged only so long. Who reads for a person
    /// may leave it unread for as long as they like, while its system answers: Linux counts that
    /// as unacknowledged, too.
    public static func options(
        betweenServers: Bool
    ) -> [(option: ChannelOptions.Types.SocketOption, value: Int)] {
        var options: [(option: ChannelOptions.Types.SocketOption, value: Int)] = [
            (.socketOption(.so_keepalive), 1)
        ]
        #if os(Linux)
            let times = [(TCP_KEEPIDLE, idle), (TCP_KEEPINTVL, interval), (TCP_KEEPCNT, probes)]
            let bounds = [(TCP_USER_TIMEOUT, unacknowledged)]
        #elseif canImport(Darwin)
            let times = [(TCP_KEEPALIVE, idle), (TCP_KEEPINTVL, interval), (TCP_KEEPCNT, probes)]
            let bounds = [(TCP_RXT_CONNDROPTIME, unacknowledged / 1_000)]
        #else
            let times: [(CInt, Int)] = []
            let bounds: [(CInt, Int)] = []
        #endif
        for (name, value) in times + (betweenServers ? bounds : []) {
            options.append((.tcpOption(NIOBSDSocket.Option(rawValue: name)), value))
        }
        return options
    }
}
