import NIOCore
import StateMachine

/// Where the members are, and who is at an address.
struct AddressBook {
    private let addresses: [PortPurpose: [SocketAddress]]
    private let nodes: [PortPurpose: [SocketAddress: NodeID]]
    /// Where a broadcast reaches all members.
    let broadcasts: [SocketAddress]
    /// Where chat goes out.
    let group: SocketAddress

    init(of settings: CheckedSettings) throws {
        var addresses: [PortPurpose: [SocketAddress]] = [:]
        var nodes: [PortPurpose: [SocketAddress: NodeID]] = [:]
        for purpose in PortPurpose.allCases {
            for (rank, server) in settings.servers.enumerated() {
                let address = try settings.addresses[rank]
                    .socketAddress(port: server.port(purpose))
                addresses[purpose, default: []].append(address)
                nodes[purpose, default: [:]][address] = NodeID(UInt32(rank))
            }
        }
        self.addresses = addresses
        self.nodes = nodes
        let ports = Set(settings.servers.map(\.discoveryPort)).sorted()
        broadcasts = try ports.map { try settings.broadcast.socketAddress(port: $0) }
        group = try settings.group.socketAddress(port: settings.own.multicastPort)
    }

    /// A member's port.
    func address(of node: NodeID, _ purpose: PortPurpose) -> SocketAddress? {
        guard let all = addresses[purpose], Int(node.rank) < all.count else { return nil }
        return all[Int(node.rank)]
    }

    /// The member whose port that is.
    func node(at address: SocketAddress, _ purpose: PortPurpose) -> NodeID? {
        nodes[purpose]?[address]
    }
}
