import Foundation
import NIOCore

/// The system's own socket: NIO refuses the loopback interface, which says of itself that it
/// knows no multicast, and does it all the same.
enum GroupDescriptor {
    /// A socket of the system that is bound and hears the group.
    static func bound(
        to address: SocketAddress, group: String, interface: String
    ) throws -> CInt {
        let descriptor = socket(AF_INET, datagramKind, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        do {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            // The servers of this machine, and other listeners, have the port as well.
            try set(descriptor, SOL_SOCKET, SO_REUSEADDR, to: CInt(1))
            try set(descriptor, SOL_SOCKET, SO_REUSEPORT, to: CInt(1))
            try address.withSockAddr { address, size in
                let code = bind(descriptor, address, socklen_t(size))
                guard code == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
            }
            // An ip_mreq: the two addresses in the network's byte order.
            let membership: (UInt32, UInt32) = (inet_addr(group), inet_addr(interface))
            try set(descriptor, CInt(IPPROTO_IP), IP_ADD_MEMBERSHIP, to: membership)
            return descriptor
        } catch {
            Foundation.close(descriptor)
            throw error
        }
    }

    #if canImport(Glibc)
        private static let datagramKind = CInt(SOCK_DGRAM.rawValue)
    #else
        private static let datagramKind = SOCK_DGRAM
    #endif

    private static func set<Value>(
        _ descriptor: CInt, _ level: CInt, _ name: CInt, to value: Value
    ) throws {
        let code = withUnsafeBytes(of: value) {
            setsockopt(descriptor, level, name, $0.baseAddress, socklen_t($0.count))
        }
        guard code == 0 else { throw IOError(errnoCode: errno, reason: "setsockopt") }
    }
}
