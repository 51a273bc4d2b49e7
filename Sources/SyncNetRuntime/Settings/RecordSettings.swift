/// Where a server records its events, and how much.
package struct RecordSettings: Equatable, Sendable {
    /// The directory of the records: each start makes a file of its own in it.
    package var directory: String
    /// So many MiB the records of one server take together; then recording stops.
    package var mebibytesMax = 4_096
    /// So large, in MiB, the records of a server may be allowed to become.
    package static let mebibytesRange = 1...(1 << 30)
    /// Whether effects are kept as they are, and not only a digest of them.
    package var keepsEffects = false

    /// Makes the settings of a server that records.
    package init(directory: String) { self.directory = directory }

    /// The limit in bytes.
    package var bytesMax: UInt64 { UInt64(max(mebibytesMax, 0)) << 20 }
}
