import StateMachine
import SyncNetProtocol

// What no server may refuse as too large or as making no sense, whatever else it knows.
extension Limits {
    /// Whether a text may be said, in whatever room.
    func allow(_ text: Text, in room: Text, by sender: Text?) -> Bool {
        text.utf8.count <= textBytes && text.isValid && text.isPlain && allow(name: room)
            && allow(sender: sender)
    }

    /// Whether a page or a search may be asked for. One in all rooms may be in too many of them.
    func allow(_ request: HistoryRequest, by sender: Text?) -> Bool {
        guard allow(name: request.room), allow(sender: sender), request.isOneSided,
            request.limit ?? 0 <= UInt64(pageMax)
        else { return false }
        guard let words = request.search else { return true }
        return !words.isEmpty && words.isValid && words.utf8.count <= Self.searchBytesMax
            && request.after == nil && !request.wantsMembers
    }

    private func allow(name: Text) -> Bool {
        !name.isEmpty && name.isValid && name.utf8.count <= nameBytes
    }

    private func allow(sender: Text?) -> Bool { sender.map(allow(name:)) ?? false }
}

extension Text {
    fileprivate var isValid: Bool { String(validating: utf8, as: UTF8.self) != nil }

    /// Whether it takes about as many bytes in a line as it has: control characters take six.
    fileprivate var isPlain: Bool { !utf8.contains { $0 < 0x20 || $0 == 0x7F } }
}

extension HistoryRequest {
    /// A page stands after a place or before one.
    fileprivate var isOneSided: Bool { after == nil || before == nil }
}
