import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

extension StorageSuite {
    /// Long random lives with many power cuts, judged by a model.
    @Suite struct LongLifeTests {
        private func live(_ seed: UInt64, options: StorageOptions) throws -> Boot {
            try SimulatedDisks.exclusively(seed: seed) { disks in
                let disk = disks.make()
                var random = RandomWrites(seed: seed)
                var model = StoreModel(disk: DiskID(seed))
                /// What may be there as well: the commit that was cut short.
                var maybe = model
                var boot = Boot(0)
                for _ in 0..<25 {
                    let (store, found) = try ServerStore.open(
                        directory: disk.directory, freshDisk: DiskID(seed), options: options)
                    #expect(found.boot > boot)
                    boot = found.boot
                    if found != model.recovered(boot: boot) { model = maybe }
                    #expect(found == model.recovered(boot: boot), "seed \(seed), boot \(boot)")
                    disk.fuse = random.below(3) == 0 ? nil : 1 + random.below(120)
                    maybe = work(store, &model, &random)
                    if random.below(5) == 0, !disk.isOut { store.close() }
                    let keeping = Keeping.allCases[Int(random.below(4))]
                    disk.crash(keeping.chooser(seed: random.below(1 << 40)))
                }
                return boot
            }
        }

        /// Commits until the power goes, or for a while; answers what may be there then.
        private func work(
            _ store: ServerStore, _ model: inout StoreModel, _ random: inout RandomWrites
        ) -> StoreModel {
            for _ in 0..<(5 + random.below(60)) {
                let writes = random.next(after: model)
                var next = model
                next.perform(writes)
                do { try store.commit(writes) } catch { return next }
                model = next
                // Reading never fails where only the power does.
                if random.below(4) == 0 { _ = try? store.verifyMore() }
            }
            return model
        }

        @Test(arguments: 1...24)
        func `a store that lives through many power cuts keeps all of it`(seed: UInt64) throws {
            var options = StorageOptions.simulated
            options.checkpointPages = seed % 2 == 0 ? 16 : 128
            options.evidenceInterval = seed % 3 == 0 ? 2 : 64
            if seed % 4 < 2 {
                options.segmentEntries = seed % 4 == 0 ? 3 : 17
                options.verifiedAtStart = seed % 8 < 4 ? 0 : 40
            }
            #expect(try live(seed, options: options) >= Boot(25))
        }
    }
}
