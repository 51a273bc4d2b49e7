package import StateMachine
package import SyncNetProtocol

/// What stands first in a record: all from which the machine is made.
package struct RecordHeader: Equatable, Sendable {
    /// The machine that decides for a server.
    package static let serverMachine: Text = "server"

    /// Which machine it was.
    package var machine = serverMachine
    /// The newest message format that it spoke.
    package var newest = UInt64(PeerVersion.current.rawValue)
    /// The server's id.
    package var server: Text
    /// When the record was begun.
    package var began: WallTime
    /// Whether the effects stand in it as they were, and not only a digest of them.
    package var keepsEffects: Bool
    /// What the machine was made with; no secret is in it.
    package var configuration: ServerConfiguration

    /// Makes the header of a server's record.
    package init(
        server: Text, began: WallTime, keepsEffects: Bool, configuration: ServerConfiguration
    ) {
        self.server = server
        self.began = began
        self.keepsEffects = keepsEffects
        self.configuration = configuration
    }
}

extension RecordHeader: Recordable {
    func write(into bytes: inout [UInt8]) {
        bytes.put(machine, newest, server, began, keepsEffects, configuration)
    }

    init(from reader: inout ByteReader) throws(WireError) {
        let (machine, newest): (Text, UInt64) = (try reader.read(), try reader.read())
        self.init(
            server: try reader.read(), began: try reader.read(),
            keepsEffects: try reader.read(), configuration: try reader.read())
        self.machine = machine
        self.newest = newest
    }
}

extension WallTime: Recordable {
    func write(into bytes: inout [UInt8]) { bytes.fixed64(UInt64(bitPattern: microseconds)) }
    init(from reader: inout ByteReader) throws(WireError) {
        self.init(microseconds: Int64(bitPattern: try reader.fixed64()))
    }
}
