import SyncNetWire

/// Which SyncNet this is, and what it speaks: who looks after a cluster asks it of every server's
/// command before a rolling restart.
enum Version {
    /// Of the command; its first number is that of the guide that it was built after.
    static let number = "5.0.0"

    /// For `--version`.
    static var line: String {
        let formats = PeerVersion.allCases.map { String($0.rawValue) }.joined(separator: " and ")
        return "syncnet \(number) (servers speak formats \(formats), records have form "
            + "\(RecordFrame.version))"
    }
}
