import Foundation
import StateMachine
import SyncNetClient
import SyncNetProtocol
import SyncNetRuntime
import SyncNetSimulation
import SyncNetWire
import Testing

extension RuntimeSuite {
    /// What real servers were told, fed to the pure machine.
    @Suite struct RecordTests {
        /// A folder for records, which is removed with it.
        private final class Folder {
            let path = FileManager.default.temporaryDirectory
                .appending(component: "syncnet-records-\(UUID().uuidString)").path

            deinit { try? FileManager.default.removeItem(atPath: path) }

            /// The records in it, in the order of their names.
            func records() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: path).sorted()
                    .map { "\(path)/\($0)" }
            }
        }

        private func cluster(
            of size: Int = 3, in folder: Folder, full: Bool = false, mebibytes: Int = 64
        ) -> TestCluster {
            TestCluster(of: size) {
                var record = RecordSettings(directory: folder.path)
                record.keepsEffects = full
                record.mebibytesMax = mebibytes
                $0.record = record
            }
        }

        private func conform(_ path: String) throws -> ConformReport {
            try ConformReport.of(path) { Server($0) }
        }

        /// Lets somebody say something to a server that is alone.
        private func talk(_ count: Int, bytes: Int = 5, to cluster: TestCluster) async throws {
            let client = try await ChatClient.connect(to: cluster.addresses, name: "ada")
            try await client.join("garden", after: 0)
            for number in 0..<count {
                let text = String(repeating: "m", count: bytes) + "\(number)"
                try await client.say(text, in: "garden")
            }
            await client.close()
        }

        /// The record of one server that somebody talked to.
        private func record(in folder: Folder, full: Bool) async throws -> String {
            let cluster = cluster(of: 1, in: folder, full: full)
            try await cluster.run { try await talk(8, to: cluster) }
            return try #require(try folder.records().first)
        }

        private func steps(of path: String) throws -> (RecordHeader, [RecordedStep]) {
            var reader = RecordReader()
            try Data(contentsOf: URL(fileURLWithPath: path)).withUnsafeBytes { reader.feed($0) }
            guard case .header(let header)? = try reader.next(isAtEnd: true) else {
                throw NeverHappened(description: "a header")
            }
            var steps: [RecordedStep] = []
            while case let item? = try reader.next(isAtEnd: true) {
                if case .step(let step) = item { steps.append(step) }
            }
            return (header, steps)
        }

        @Test(.timeLimit(.minutes(1)), arguments: [false, true])
        func `the machine does what servers did that were killed, restarted and stopped`(
            full: Bool
        ) async throws {
            let folder = Folder()
            let cluster = cluster(in: folder, full: full)
            try await cluster.run {
                let leader = try await cluster.leader()
                try await talk(10, to: cluster)
                // What a killed server was told last is not in its record yet.
                try await Task.sleep(for: .milliseconds(300))
                await cluster.kill(leader)
                _ = try await cluster.leader()
                try await talk(10, to: cluster)
                try await cluster.start(leader)
                try await talk(10, to: cluster)
                try await Task.sleep(for: .milliseconds(300))
            }
            let reports = try folder.records().map { try conform($0) }
            #expect(reports.count == 4)
            for report in reports {
                #expect(report.difference == nil, "\(report.difference?.lines ?? [])")
                #expect(report.events > 50, "\(report.line)")
                #expect(report.span > .milliseconds(100))
            }
            #expect(reports.filter { $0.ending == .ended(.stopped) }.count == 3)
            #expect(reports.filter { $0.ending == .cut }.count == 1)
        }

        @Test(.timeLimit(.minutes(1)), arguments: [false, true])
        func `a machine with a bug is found out at the event that shows it`(
            full: Bool
        ) async throws {
            let folder = Folder()
            let path = try await record(in: folder, full: full)
            let report = try ConformReport.of(path) { Server($0, bugs: .l2NoIncrementOnSend) }
            let difference = try #require(report.difference)
            #expect(report.line.contains("differs at event \(difference.step.number)"))
            #expect(difference.former.count <= 5)
            let text = difference.lines.joined(separator: "\n")
            #expect(text.contains("what the machine asks for now:"))
            #expect(text.contains("  * \(difference.place + 1). "))
            #expect(text.contains("in full: "))
            #expect(full != text.contains("only a digest is kept"))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a machine with another setting than the server's is found out`() async throws {
            let folder = Folder()
            let path = try await record(in: folder, full: false)
            let report = try ConformReport.of(path) { configuration in
                var other = configuration
                other.timing.heartbeat = other.timing.heartbeat + .milliseconds(1)
                return Server(other)
            }
            let difference = try #require(report.difference)
            #expect(difference.lines.contains { $0.contains("arm heartbeat within 101.0...101.0") })
        }

        @Test(.timeLimit(.minutes(1)))
        func `one changed effect is found, and named with what was recorded`() async throws {
            let folder = Folder()
            let (header, steps) = try steps(of: try await record(in: folder, full: true))
            let changed = try #require(
                steps.lastIndex { $0.consequence.digest.kinds.contains(.write) })
            let path = folder.path + "/changed"
            try rewrite(header, steps, to: path) { number, _, effects in
                guard number == changed else { return }
                for place in effects.indices {
                    if case .write(let write, let ticket) = effects[place] {
                        effects[place] = .write(write, Ticket(ticket.number + 1))
                    }
                }
            }
            let difference = try #require(try conform(path).difference)
            #expect(difference.step.number == UInt64(changed + 1))
            let lines = difference.lines
            #expect(
                lines.filter { $0.hasPrefix("  * ") && $0.contains("write, ticket") }.count == 2)
        }

        @Test(.timeLimit(.minutes(1)))
        func `one changed event is found`() async throws {
            let folder = Folder()
            let (header, steps) = try steps(of: try await record(in: folder, full: true))
            let path = folder.path + "/changed"
            var changed: Int?
            try rewrite(header, steps, to: path) { number, event, _ in
                guard case .message(var message, let stream) = event, changed == nil,
                    case .request(var request) = message.body, case .chat = request.body
                else { return }
                request.body = .chat(room: "garden", text: "something else")
                message.body = .request(request)
                event = .message(message, on: stream)
                changed = number
            }
            let difference = try #require(try conform(path).difference)
            #expect(difference.step.number == UInt64(try #require(changed) + 1))
            #expect(difference.lines.contains { $0.contains("say something else in garden") })
        }

        private func rewrite(
            _ header: RecordHeader, _ steps: [RecordedStep], to path: String,
            _ change: (Int, inout Event<SyncNet>, inout [Effect<SyncNet>]) -> Void
        ) throws {
            var bytes: [UInt8] = []
            var writer = RecordWriter(header, veil: Veil { $0 }, into: &bytes)
            for (number, step) in steps.enumerated() {
                guard case .effects(var effects) = step.consequence else { continue }
                var event = step.event
                change(number, &event, &effects)
                writer.append(event, at: step.now, leadingTo: effects[...], into: &bytes)
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a record that lost its end conforms up to the tear`() async throws {
            let folder = Folder()
            let path = try await record(in: folder, full: false)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let whole = try conform(path)
            for length in [0, 10, 40, bytes.count / 3, bytes.count / 2, bytes.count - 1] {
                let torn = folder.path + "/torn"
                try bytes.prefix(length).write(to: URL(fileURLWithPath: torn))
                let report = try conform(torn)
                #expect(report.difference == nil)
                #expect(report.events <= whole.events)
                #expect(report.ending != .ended(.stopped))
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func `a record stops at its limit, and the server goes on`() async throws {
            let folder = Folder()
            let cluster = cluster(of: 1, in: folder, mebibytes: 1)
            try await cluster.run {
                try await talk(150, bytes: 9_000, to: cluster)
                await cluster.stop(0)
                try await cluster.start(0)
                try await talk(1, to: cluster)
            }
            let records = try folder.records()
            #expect(records.count == 1, "the second start finds no room")
            let report = try conform(records[0])
            #expect(report.ending == .ended(.limit) && report.difference == nil)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: records[0])).count
            #expect(bytes > 1 << 20 && bytes < (1 << 20) + (1 << 17))
        }

        @Test(.timeLimit(.minutes(1)))
        func `a server whose records can't be made serves all the same`() async throws {
            let folder = Folder()
            let path = folder.path + "-file"
            try Data().write(to: URL(fileURLWithPath: path))
            defer { try? FileManager.default.removeItem(atPath: path) }
            let cluster = TestCluster(of: 1) { $0.record = RecordSettings(directory: path) }
            try await cluster.run { try await talk(2, to: cluster) }
        }

        @Test(.timeLimit(.minutes(1)))
        func `only its owner can read a record`() async throws {
            let folder = Folder()
            let path = try await record(in: folder, full: false)
            let facts = try FileManager.default.attributesOfItem(atPath: path)
            #expect(facts[.posixPermissions] as? Int == 0o600)
        }
    }
}
