import Foundation
import StateMachine
import SyncNetProtocol
import SyncNetRuntime
import Testing

extension RuntimeSuite {
    @Suite struct SecretTests {
        /// A file with these bytes and this mode.
        private func withFile(
            _ text: String, mode: Int = 0o600, _ body: (String) throws -> Void
        ) throws {
            let path = FileManager.default.temporaryDirectory
                .appending(component: "secret-\(UUID().uuidString)").path
            defer { unlink(path) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, mode_t(mode))
            try body(path)
        }

        private func problem(_ path: String) -> String {
            do {
                _ = try ClusterSecret.read(path)
                return "none"
            } catch {
                return error.description
            }
        }

        @Test func `an end of line is no part of the secret`() throws {
            let text = String(repeating: "k", count: 32)
            try withFile(text + "\n") {
                let read = try ClusterSecret.read($0)
                #expect(read == ClusterSecret(Array(text.utf8)))
            }
            try withFile(text + "\r\n") {
                let read = try ClusterSecret.read($0)
                #expect(read == ClusterSecret(Array(text.utf8)))
            }
        }

        @Test(arguments: [0, 31, 4_097])
        func `a secret of another length is refused`(count: Int) throws {
            try withFile(String(repeating: "k", count: count)) {
                #expect(problem($0).contains("has to have 32 to 4096"))
            }
        }

        @Test(arguments: [0o604, 0o602, 0o644])
        func `a file that everybody can read or change is refused`(mode: Int) throws {
            try withFile(String(repeating: "k", count: 40), mode: mode) {
                #expect(problem($0).contains("chmod 600"))
            }
        }

        @Test func `what is no file is refused`() {
            #expect(problem("/nowhere/secret").contains("No such file"))
            #expect(problem("/").contains("is no file"))
        }

        @Test func `nothing of the secret is printed`() throws {
            let bytes = Array((0..<40).map { "\($0)" }.joined().utf8)
            let secret = try #require(ClusterSecret(bytes))
            #expect("\(secret)" == "a cluster secret")
            var text = ""
            dump(secret, to: &text)
            #expect(!text.contains("1011"))
        }
    }
}
