import SyncNetRuntime

/// What a record keeps of the effects that a machine asks for.
enum RecordEffects: String, Equatable, Sendable, CaseIterable {
    /// A checksum, and their kinds: enough to find a difference.
    case digest
    /// All of them: a difference shows both sides.
    case full

    /// The choice of that name.
    static func parse(_ word: String) throws -> RecordEffects {
        guard let choice = RecordEffects(rawValue: word) else {
            throw Failure("record_effects is \"\(word)\", but has to be digest or full")
        }
        return choice
    }

    /// The limit of that many MiB.
    static func parse(limit text: String) throws -> Int {
        let range = RecordSettings.mebibytesRange
        guard let mebibytes = Int(text), range.contains(mebibytes) else {
            throw Failure(
                "the record's limit is \"\(text)\", but has to be a number of MiB from "
                    + "\(range.lowerBound) to \(range.upperBound)")
        }
        return mebibytes
    }
}
