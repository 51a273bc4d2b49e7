import StateMachine
package import SyncNetProtocol

/// Settings that make sense, with the members in the order of the ring.
package struct CheckedSettings: Equatable, Sendable {
    /// What was set.
    package let settings: ServerSettings
    /// The servers by rank.
    package let servers: [ServerConfig]
    /// Their addresses by rank.
    package let addresses: [IPv4Address]
    /// The broadcast address.
    package let broadcast: IPv4Address
    /// The multicast group.
    package let group: IPv4Address
    /// What the machine is told.
    package let configuration: ServerConfiguration

    /// This server's configuration.
    package var own: ServerConfig { servers[Int(configuration.me.rank)] }
    /// This server's address.
    package var address: IPv4Address { addresses[Int(configuration.me.rank)] }

    /// Checks settings, and finds all that is wrong with them.
    package init(_ settings: ServerSettings) throws(SettingsError) {
        let problems = SettingsCheck.problems(of: settings)
        guard problems.isEmpty else { throw SettingsError(problems) }
        let servers = settings.servers.sorted { $0.ringPosition < $1.ringPosition }
        guard let rank = servers.firstIndex(where: { $0.serverID == settings.serverID }),
            let broadcast = IPv4Address(settings.network.broadcastAddress),
            let group = IPv4Address(settings.network.multicastGroup)
        else { preconditionFailure("checked settings without server or addresses: \(settings)") }
        self.settings = settings
        self.servers = servers
        self.broadcast = broadcast
        self.group = group
        addresses = servers.compactMap { IPv4Address($0.host) }
        configuration = ServerConfiguration(
            me: NodeID(UInt32(rank)),
            members: servers.map {
                Member(id: Text($0.serverID), host: Text($0.host), port: UInt16($0.tcpPort))
            },
            timing: settings.timing, limits: settings.limits,
            formsNewCluster: settings.formsNewCluster, accounts: settings.accounts,
            operatorToken: settings.operatorToken.map { Text($0) })
    }
}

extension ServerSettings {
    /// The same, checked.
    package func checked() throws(SettingsError) -> CheckedSettings { try CheckedSettings(self) }
}
