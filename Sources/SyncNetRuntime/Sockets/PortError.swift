import Foundation
import NIOCore

/// Why a port could not be bound, in one line that says what to do.
package struct PortError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What stands in the way.
    package enum Reason: Equatable, Sendable {
        /// Another program has it.
        case inUse
        /// This user may not bind it.
        case permission
        /// The address is not one of this machine.
        case noSuchAddress
        /// Something else, in the system's words.
        case other(String)
    }

    /// What stands in the way.
    package var reason: Reason
    /// The port's number and purpose.
    package var port: BoundPort

    init(_ error: any Error, binding port: BoundPort) {
        self.port = port
        reason =
            switch (error as? IOError)?.errnoCode {
            case EADDRINUSE: .inUse
            case EACCES, EPERM: .permission
            case EADDRNOTAVAIL: .noSuchAddress
            case let code?: .other(String(cString: strerror(code)))
            case nil: .other("\(error)")
            }
    }

    /// One line that says what is wrong and what to do.
    package var description: String {
        switch reason {
        case .inUse:
            "\(port) is already in use: stop the other program or choose another base port"
        case .permission:
            "\(port) may not be bound by this user (permission denied): "
                + "choose a base port above 1023"
        case .noSuchAddress:
            "\(port) can't be bound, since that is no address of this machine: "
                + "change the host of this server"
        case .other(let detail):
            "\(port) can't be bound (\(detail)): choose another host or base port"
        }
    }
}

/// A port of this server: what for, how, and where.
package struct BoundPort: Equatable, Sendable, CustomStringConvertible {
    /// How it is spoken to.
    package enum Kind: String, Equatable, Sendable {
        /// Streams.
        case tcp = "TCP"
        /// Datagrams.
        case udp = "UDP"
        /// Datagrams to all.
        case broadcast = "UDP broadcast"
        /// Datagrams to a group.
        case multicast = "UDP multicast"
    }

    /// What it is for.
    package var purpose: PortPurpose
    /// How it is spoken to.
    package var kind: Kind
    /// The address that it is bound to.
    package var address: IPv4Address
    /// Its number.
    package var number: Int

    /// As it is shown to people.
    package var description: String {
        "port \(number) (\(purpose.name), \(kind.rawValue)) on \(address)"
    }

    /// The same for the socket calls.
    func socketAddress() throws -> SocketAddress { try address.socketAddress(port: number) }
}

extension IPv4Address {
    func socketAddress(port: Int) throws -> SocketAddress {
        try SocketAddress(ipAddress: description, port: port)
    }
}
