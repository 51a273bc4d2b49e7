package import StateMachine
import SyncNetProtocol
package import SyncNetStorage

extension ServerStore: JournalStore {
    /// Opens the store of a directory.
    package static func opener(directory: String) -> StoreOpener {
        {
            var dice = SystemRandomNumberGenerator()
            let disk = DiskID(dice.next())
            let (store, recovered) = try ServerStore.open(directory: directory, freshDisk: disk)
            return OpenedStore(
                store: store, recovered: recovered, notices: store.notices.map(\.description))
        }
    }
}

extension ServerStore {
    package var besides: (any SideCheck)? { structureCheck }
}

extension StructureCheck: SideCheck {}

extension StorageError: JournalStoreError {
    package var journalFailure: JournalFailure {
        failure
    }
}
