import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation
@testable import SyncNetStorage

extension StorageSuite {
    /// A bit at every sort of place of every file.
    @Suite struct FlippedBitTests {
        private let trial = CrashTrial(messages: 14, seed: 5)

        /// Bits worth flipping: in every byte of what describes a page or a frame, and in
        /// some of the bytes that it holds.
        private func bits(of file: String, size: Int) -> [Int] {
            var generator = Generator(seed: 1)
            var bytes: [Int] = []
            switch file {
            case "evidence":
                bytes = Array(0..<Evidence.byteCount) + Array(4_096..<4_096 + Evidence.byteCount)
            case "syncnet.db-wal":
                bytes = Array(0..<32)
                for frame in stride(from: 32, to: size, by: 4_120) {
                    bytes += Array(frame..<frame + 24)
                    bytes += (0..<12).map { _ in frame + 24 + Int(generator.below(4_096)) }
                }
            default:
                bytes = Array(0..<100)
                for page in stride(from: 0, to: size, by: 4_096) {
                    bytes += Array(page..<page + 40)
                    bytes += (0..<40).map { _ in page + Int(generator.below(4_096)) }
                }
            }
            return bytes.filter { $0 < size }.map { $0 * 8 + Int(generator.below(8)) }
        }

        @Test(arguments: ["syncnet.db", "syncnet.db-wal", "evidence"], [false, true])
        func `anywhere, the store refuses, or finds all as it was`(
            file: String, isClosed: Bool
        ) throws {
            try SimulatedDisks.exclusively(seed: 3) { disks in
                let disk = disks.make()
                let count = try #require(trial.work(on: disk, closing: isClosed))
                disk.kill()
                guard let size = disk.size(of: file), size > 0 else { return }
                var refused = 0
                let bits = bits(of: file, size: size)
                for bit in bits {
                    let copy = disks.make()
                    defer { disks.remove(copy) }
                    disk.copy(to: copy)
                    copy.flip(bit: bit, of: file)
                    switch trial.judge(copy, in: count...count) {
                    case .whole: break
                    case .refused(let error):
                        refused += 1
                        #expect(
                            error.failure == .damaged || isOfVersion(error), "bit \(bit): \(error)")
                    case .wrong(let what): Issue.record("bit \(bit) of \(file): \(what)")
                    }
                }
                #expect(bits.count > 150)
                if file == "evidence" { #expect(refused == 0) }
                if file == "syncnet.db-wal", !isClosed { #expect(refused > bits.count / 2) }
                if file == "syncnet.db", isClosed { #expect(refused > bits.count / 4) }
            }
        }

        /// A flipped bit of the version can look like a version to come.
        private func isOfVersion(_ error: StorageError) -> Bool {
            "\(error)".contains("newer SyncNet")
        }
    }
}
