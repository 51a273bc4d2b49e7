import Testing

/// All tests of storage, one after the other: SQLite's random numbers belong to the process.
@Suite(.serialized) enum StorageSuite {}
