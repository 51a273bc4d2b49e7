package import StateMachine
package import SyncNetProtocol

/// What a server keeps its facts in, as the disk's thread uses it.
package protocol JournalStore {
    /// Makes the writes durable, all or none.
    func commit(_ writes: [JournalWrite]) throws
    /// Reads back.
    func answer(_ query: JournalQuery) throws -> JournalAnswer
    /// Verifies a few milliseconds' worth of what its start has left; answers whether there is
    /// more.
    func verifyMore() throws -> Bool
    /// What has to be looked at besides, from another thread; nil for nothing.
    var besides: (any SideCheck)? { get }
    /// Ends its use.
    func close()
}

/// Something that is looked at while the store works.
package protocol SideCheck: Sendable {
    /// Looks; returns when all is well, or when it was cancelled.
    func run() throws
    /// Ends it soon, from any thread.
    func cancel()
}

/// Why a store can't go on, as its error says; nil where the error doesn't tell.
package protocol JournalStoreError: Error {
    /// The machine's word for it.
    var journalFailure: JournalFailure { get }
}

/// A store that was opened, and what it kept.
package struct OpenedStore {
    /// The store.
    package var store: any JournalStore
    /// What it kept.
    package var recovered: Recovered
    /// What an operator should read about this start.
    package var notices: [String]

    /// Makes the answer of an opener.
    package init(store: any JournalStore, recovered: Recovered, notices: [String] = []) {
        self.store = store
        self.recovered = recovered
        self.notices = notices
    }
}

/// Opens a store on the disk's thread.
package typealias StoreOpener = @Sendable () throws -> OpenedStore
