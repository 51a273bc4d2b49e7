import Foundation

/// A TCP connection that asks one line and waits for one: enough to ask a server how it is.
///
/// Blocking, with a deadline for everything that it does.
struct LineConnection: ~Copyable {
    private let socket: Int32
    private let deadline: ContinuousClock.Instant
    private var received: [UInt8] = []

    private init(socket: Int32, deadline: ContinuousClock.Instant) {
        (self.socket, self.deadline) = (socket, deadline)
    }

    /// Connects, or gives nil where nobody answers in time.
    static func open(host: String, port: UInt16, within time: Duration) -> LineConnection? {
        guard let address = address(of: host, port: port) else { return nil }
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        let connection = LineConnection(socket: socket, deadline: .now + time)
        let flags = fcntl(socket, F_GETFL)
        guard fcntl(socket, F_SETFL, flags | O_NONBLOCK) >= 0, connect(socket, to: address),
            connection.isReady(for: POLLOUT), pendingError(of: socket) == 0
        else { return nil }
        return connection
    }

    deinit { close(socket) }

    /// Sends bytes; false where the connection does not take them in time.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isReady(for: POLLOUT) else { return false }
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 || errno == EAGAIN else { return false }
            rest = rest.dropFirst(max(count, 0))
        }
        return true
    }

    /// The next line without its end, or nil where none comes in time.
    mutating func line() -> [UInt8]? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(received[..<end])
                received.removeFirst(end + 1)
                return line
            }
            guard isReady(for: POLLIN) else { return nil }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = chunk.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
            guard count > 0 || (count < 0 && errno == EAGAIN) else { return nil }
            received += chunk.prefix(max(count, 0))
        }
    }

    private func isReady(for what: Int32) -> Bool {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return false }
        var entry = pollfd(fd: socket, events: Int16(what), revents: 0)
        let milliseconds = left / .milliseconds(1)
        return poll(&entry, 1, Int32(milliseconds.rounded(.up))) > 0
    }

    private static func address(of host: String, port: UInt16) -> sockaddr_in? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let first = found else {
            return nil
        }
        defer { freeaddrinfo(found) }
        return first.pointee.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            $0.pointee
        }
    }

    private static func connect(_ socket: Int32, to address: sockaddr_in) -> Bool {
        var address = address
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, size)
            }
        }
        return result == 0 || errno == EINPROGRESS
    }

    private static func pendingError(of socket: Int32) -> Int32 {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno
    }
}
