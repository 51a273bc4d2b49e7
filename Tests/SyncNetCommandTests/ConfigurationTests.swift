import Foundation
import Testing

extension CommandTests {
    /// What file, environment and flags mean, and which of them wins.
    @Suite(.timeLimit(.minutes(1))) struct ConfigurationTests {
        @Test func `the documented configuration is the default one`() throws {
            let page = try String(
                contentsOf: Place.package.appendingPathComponent(
                    "Sources/syncnet/syncnet.docc/RunningACluster.md"), encoding: .utf8)
            let block = try #require(page.components(separatedBy: "```yaml\n").dropFirst().first)
            let yaml = try #require(block.components(separatedBy: "```").first)
            #expect(try configured(file: yaml) == configured())
        }

        @Test func `flags go over the environment, which goes over the file`() throws {
            let file = "servers:\n- {id: a, base_port: 9000}\n"
            #expect(try configured(file: file).contains("a at localhost"))
            let moved = try configured(file: file, environment: ["SYNCNET_BASE_PORT": "9100"])
            #expect(moved.contains("clients 9100"), "\(moved)")
            let both = try configured(
                file: file, environment: ["SYNCNET_BASE_PORT": "9100"],
                flags: ["--base-port", "9200"])
            #expect(both.contains("clients 9200"), "\(both)")
            let members = try configured(
                file: file, environment: ["SYNCNET_MEMBERS": "x=127.0.0.1:7000"])
            #expect(members.hasPrefix("1 servers\nx at 127.0.0.1, ring position 0: clients 7000"))
        }

        @Test func `the ring is in the order of its positions, not of the file`() throws {
            let file = """
                servers:
                - {id: late, base_port: 9000, ring_position: 9}
                - {id: early, base_port: 9001, ring_position: 2}
                """
            let lines = try configured(file: file).split(separator: "\n")
            #expect(lines[1].hasPrefix("early") && lines[2].hasPrefix("late"))
        }

        private func configured(
            file: String? = nil, environment: [String: String] = [:], flags: [String] = []
        ) throws -> String {
            let directory = try Place.temporary()
            defer { do { try FileManager.default.removeItem(at: directory) } catch {} }
            var arguments = ["try", "config"] + flags
            if let file {
                let path = directory.appendingPathComponent("cluster.yaml")
                try Data(file.utf8).write(to: path)
                arguments += ["--config", path.path]
            }
            let running = try Running.syncnet(arguments, environment: environment)
            let ended = try #require(running.end(within: 20))
            #expect(ended.code == 0, "\(ended.errors)")
            return ended.output
        }
    }
}
