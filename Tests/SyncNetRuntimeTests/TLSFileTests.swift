import Foundation
import SyncNetCertificates
import Testing

@testable import SyncNetRuntime

extension RuntimeSuite {
    /// What is wrong with certificates is told in one line each, before a server starts.
    @Suite struct TLSFileTests {
        private let authority: TestAuthority
        private let server = ServerConfig(
            serverID: "server1", host: "localhost", basePort: 8_000, ringPosition: 0)

        init() throws {
            authority = try TestAuthority()
            _ = try authority.tls(for: server)
        }

        private func problems(
            _ files: TLSFiles? = nil, at now: Date = Date()
        ) -> [SettingsProblem] {
            do {
                _ = try ServerTLS.read(files ?? authority.files, for: server, at: now)
                return []
            } catch {
                return error.details
            }
        }

        private func expect(_ part: String, _ words: String, _ files: TLSFiles? = nil) {
            let problems = problems(files)
            #expect(problems.map(\.subject) == ["tls.\(part)"], "\(problems)")
            #expect(problems.first?.text.contains(words) == true, "\(problems)")
            #expect(problems.first?.text.contains("\n") == false)
        }

        @Test func `what belongs together is taken, and its end is known`() throws {
            let tls = try ServerTLS.read(authority.files, for: server)
            #expect((3_500...3_700).contains(tls.expires.timeIntervalSinceNow))
        }

        @Test func `a part that is not named is asked for`() {
            expect(
                "key", "tls has no key",
                TLSFiles(
                    certificate: authority.files.certificate, authority: authority.files.authority))
            let all = problems(TLSFiles())
            #expect(all.map(\.subject) == ["tls.certificate", "tls.key", "tls.authority"])
        }

        @Test func `what is not there, or no PEM, is named`() throws {
            unlink(authority.path("server1.crt"))
            expect("certificate", "No such file")
            try authority.write("nonsense", as: "server1.crt")
            expect("certificate", "holds no certificates in PEM form")
            try authority.write(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                as: "server1.crt")
            expect("certificate", "holds no certificates in PEM form")
        }

        @Test func `a key that everybody can read, or that is none, is refused`() throws {
            chmod(authority.path("server1.key"), 0o644)
            expect("key", "chmod 600")
            try authority.write("nonsense", as: "server1.key")
            expect("key", "holds no private key")
        }

        @Test func `a key of another certificate is refused`() throws {
            try authority.write(authority.pair(for: server).key, as: "server1.key")
            expect("key", "does not belong to the certificate")
        }

        @Test func `an expired certificate is refused, and so is one that is not valid yet`() throws
        {
            let pair = try authority.pair(for: server, lifetime: -60)
            try authority.write(pair.certificate, as: "server1.crt")
            try authority.write(pair.key, as: "server1.key")
            expect("certificate", "expired on 2")
            _ = try authority.tls(for: server)
            let early = Date(timeIntervalSinceNow: -86_400)
            #expect(problems(at: early).first?.text.contains("is valid only from 2") == true)
        }

        @Test func `a certificate of another authority is refused`() throws {
            let other = try TestAuthority()
            var files = authority.files
            files.authority = other.files.authority
            expect("certificate", "does not come from the authority", files)
        }

        @Test func `a certificate that does not name the server's address is refused`() throws {
            var elsewhere = server
            elsewhere.host = "10.0.0.1"
            let pair = try authority.pair(for: elsewhere)
            try authority.write(pair.certificate, as: "server1.crt")
            try authority.write(pair.key, as: "server1.key")
            expect("certificate", "does not name the address 127.0.0.1")
        }

        @Test func `the server's id stands where the names have a place for it`() {
            let files = TLSFiles(certificate: "a/{id}/{id}.crt", key: "k", authority: nil)
            #expect(
                files.files(of: "one")
                    == TLSFiles(certificate: "a/one/one.crt", key: "k", authority: nil))
        }

        @Test func `the operator reads what will expire soon, and what is not encrypted`() throws {
            var settings = ServerSettings()
            settings.servers = [server]
            settings.tls = try ServerTLS.read(authority.files, for: server)
            let notices = try settings.checked().tlsNotices()
            #expect(notices.map { $0.contains("expires in 0 days") } == [true])
            #expect(try ServerSettings().checked().tlsNotices().isEmpty)
        }
    }
}
