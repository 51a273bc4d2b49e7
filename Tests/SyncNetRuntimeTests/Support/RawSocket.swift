import Foundation
import SyncNetRuntime

/// A plain program's socket: blocking, with nothing of ours but the address.
final class RawSocket {
    private let descriptor: CInt

    #if canImport(Glibc)
        private static let stream = CInt(SOCK_STREAM.rawValue)
        private static let datagram = CInt(SOCK_DGRAM.rawValue)
        private static let quiet = CInt(MSG_NOSIGNAL)
    #else
        private static let stream = SOCK_STREAM
        private static let datagram = SOCK_DGRAM
        private static let quiet: CInt = 0
    #endif

    private convenience init(_ kind: CInt) throws {
        try self.init(descriptor: socket(AF_INET, kind, 0))
    }

    private init(descriptor: CInt) throws {
        self.descriptor = descriptor
        guard descriptor >= 0 else { throw NeverHappened(description: "socket: \(errno)") }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Foundation.close(descriptor) }

    static func connected(to port: Int) throws -> RawSocket {
        let made = try RawSocket(stream)
        var address = Self.address(port)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(made.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw NeverHappened(description: "connect: \(errno)") }
        return made
    }

    static func listening(on port: Int) throws -> RawSocket { try bound(to: port, stream) }

    static func datagrams(on port: Int) throws -> RawSocket { try bound(to: port, datagram) }

    /// Listens to a group on the loopback interface.
    static func group(_ group: String, on port: Int) throws -> RawSocket {
        let made = try RawSocket(datagram)
        made.setOn(SO_REUSEADDR)
        made.setOn(SO_REUSEPORT)
        try made.bind(to: port, host: group)
        var membership = ip_mreq(
            imr_multiaddr: in_addr(s_addr: inet_addr(group)),
            imr_interface: in_addr(s_addr: inet_addr("127.0.0.1")))
        let code = setsockopt(
            made.descriptor, CInt(IPPROTO_IP), IP_ADD_MEMBERSHIP, &membership,
            socklen_t(MemoryLayout<ip_mreq>.size))
        guard code == 0 else { throw NeverHappened(description: "join: \(errno)") }
        return made
    }

    private static func bound(to port: Int, _ kind: CInt) throws -> RawSocket {
        let made = try RawSocket(kind)
        // Streams that an earlier server closed at this port wait there for a minute more.
        if kind == stream { made.setOn(SO_REUSEADDR) }
        try made.bind(to: port, host: "127.0.0.1")
        if kind == stream { listen(made.descriptor, 8) }
        return made
    }

    private func setOn(_ option: CInt) {
        var on: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, option, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    private func bind(to port: Int, host: String) throws {
        var address = Self.address(port, host: host)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw NeverHappened(description: "bind: \(errno)") }
    }

    private static func address(_ port: Int, host: String = "127.0.0.1") -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return address
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Self.quiet)
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    func send(_ text: String, to port: Int) { send(Array(text.utf8), to: port) }

    func send(_ bytes: [UInt8], to port: Int) {
        var address = Self.address(port)
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(
                    descriptor, bytes, bytes.count, 0, $0,
                    socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Says that no more will be written.
    func endWriting() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Accepts who calls; nil after five seconds.
    func accepted() throws -> RawSocket? {
        let other = accept(descriptor, nil, nil)
        return other >= 0 ? try RawSocket(descriptor: other) : nil
    }

    /// One read, as much as there is; nil at the end or after five seconds.
    func read() -> String? { readBytes().map { String(decoding: $0, as: UTF8.self) } }

    /// One read or datagram; nil at the end or after five seconds.
    func readBytes() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    /// Everything until the end.
    func readAll() -> String {
        var text = ""
        while let more = read() { text += more }
        return text
    }
}
