import StateMachine
package import SyncNetProtocol

/// What stands on a real server's disk at the end of a run.
package struct RecordedServer: Equatable, Sendable {
    /// The server's id.
    package let name: Text
    /// Up to where its log is applied.
    package let applied: LogIndex
    /// The messages of each room, in the order of the rooms of the run.
    package var rooms: [[RoomMessage]]
    /// The fingerprint of the whole log up to each of its entries.
    private(set) var chains: [UInt64] = []
    private(set) var lastStamp = Stamp.zero
    /// What is wrong with the log alone.
    private(set) var flaw: Breach?

    /// Makes a server whose log is empty so far.
    package init(name: Text, applied: LogIndex, rooms: [[RoomMessage]] = []) {
        self.name = name
        self.applied = applied
        self.rooms = rooms
    }

    /// Where the log ends.
    package var last: LogIndex { LogIndex(UInt64(chains.count)) }

    /// Takes the next entry of the log.
    package mutating func append(_ entry: Entry) {
        if entry.index != last.next, flaw == nil {
            let detail =
                "the log of \(name.string) has \(entry.index.number) after \(last.number)"
            flaw = Breach(.logMatching, detail)
        }
        if entry.stamp <= lastStamp, flaw == nil {
            let detail =
                "the stamp of entry \(entry.index.number) of \(name.string) is not above that of "
                + "the entry before it"
            flaw = Breach(.lamport, detail)
        }
        lastStamp = entry.stamp
        chains.append(ShadowLog.link(entry, after: chains.last ?? 0).chain)
    }
}
