import StateMachine
import SyncNetProtocol
import SyncNetRuntime
import Testing

extension RuntimeSuite {
    @Suite struct SettingsTests {
        /// The one problem of a configuration.
        private func problem(_ change: (inout ServerSettings) -> Void) -> String {
            var settings = ServerSettings()
            change(&settings)
            do {
                _ = try settings.checked()
                return "none"
            } catch {
                return error.description
            }
        }

        @Test func `the default is the guide's cluster`() throws {
            let settings = ServerSettings(serverID: "server2")
            let checked = try settings.checked()
            #expect(checked.servers.map(\.serverID) == ["server1", "server2", "server3"])
            #expect(checked.servers.map(\.host) == ["localhost", "localhost", "localhost"])
            #expect(checked.servers.map(\.tcpPort) == [8_000, 8_001, 8_002])
            #expect(checked.servers.map(\.discoveryPort) == [8_010, 8_011, 8_012])
            #expect(checked.servers.map(\.heartbeatPort) == [8_020, 8_021, 8_022])
            #expect(checked.servers.map(\.electionPort) == [8_030, 8_031, 8_032])
            #expect(checked.servers.map(\.multicastPort) == [8_040, 8_041, 8_042])
            #expect(checked.servers.map(\.ringPosition) == [0, 1, 2])
            #expect(checked.configuration.me == NodeID(1))
            #expect(settings.dataPath == "data/server2")
            #expect(settings.network.multicastGroup == "239.0.0.1")
            #expect(settings.network.multicastTTL == 2)
            #expect(settings.network.bufferSize == 1_024)
            #expect(settings.network.multicastBufferSize == 10_240)
        }

        @Test func `ranks follow ring positions, whatever the order of the list`() throws {
            var settings = ServerSettings(serverID: "server3")
            settings.servers[2].ringPosition = -0
            settings.servers[0].ringPosition = 7
            let checked = try settings.checked()
            #expect(checked.servers.map(\.serverID) == ["server3", "server2", "server1"])
            #expect(checked.configuration.me == NodeID(0))
        }

        @Test func `limits that contradict others are refused`() {
            #expect(problem { $0.limits.textBytes = 65_536 }.contains("text_bytes is 65536"))
            #expect(problem { $0.limits.pageDefault = 1_001 }.contains("lower page_default"))
        }

        @Test func `the same id twice is refused`() {
            #expect(
                problem { $0.servers[2].serverID = "server1" }
                    == "the server id \"server1\" is used more than once: "
                    + "give every server its own id")
        }

        @Test func `the same ring position twice is refused`() {
            #expect(
                problem { $0.servers[2].ringPosition = 0 }
                    == "the ring position 0 is used more than once: "
                    + "give every server its own position")
        }

        @Test(arguments: [0, 10, 20, 30, 40])
        func `base ports that collide through the offsets are refused`(distance: Int) {
            let text = problem { $0.servers[2].basePort = 8_000 + distance }
            #expect(text.contains("would share port \(8_000 + distance) on localhost"))
            #expect(text.contains("choose base ports that don't lie 0, 10, 20, 30 or 40 apart"))
            #expect(!text.contains("\n"))
        }

        @Test func `base ports 50 apart are fine, and so are equal ones on other addresses`() {
            #expect(problem { $0.servers[2].basePort = 8_050 } == "none")
            let other = problem {
                $0.servers[2].basePort = 8_000
                $0.servers[2].host = "127.0.0.2"
            }
            #expect(other == "none")
        }

        @Test func `localhost and 127_0_0_1 are one machine`() {
            let text = problem {
                $0.servers[2].basePort = 8_000
                $0.servers[2].host = "127.0.0.1"
            }
            #expect(text.contains("would share port 8000"))
        }

        @Test(arguments: [-1, 0, 65_496, 70_000])
        func `a base port without room is refused`(port: Int) {
            #expect(
                problem { $0.servers[0].basePort = port }
                    == "the base port \(port) of server1 is out of range: choose one from 1 to "
                    + "65495, so that base port + 40 is a port")
        }

        @Test func `no servers and too many servers are refused`() {
            #expect(
                problem { $0.servers = [] }
                    == "the configuration names no server: name between 1 and 64")
            let many = problem {
                $0.servers = (0..<65).map {
                    ServerConfig(
                        serverID: "server\($0)", host: "127.0.1.\($0)", basePort: 8_000,
                        ringPosition: $0)
                }
            }
            #expect(many == "the configuration names 65 servers: name between 1 and 64")
        }

        @Test func `an unknown id is refused with those that are known`() {
            #expect(
                problem { $0.serverID = "server9" }
                    == "the configuration has no server \"server9\": "
                    + "choose one of server1, server2, server3")
        }

        @Test(arguments: ["10.0.0.1", "192.168.1.2"])
        func `a host off loopback is refused, and told why`(host: String) {
            let text = problem { $0.servers[1].host = host }
            #expect(text.contains("is not on the loopback interface"))
            #expect(text.contains("there is no cluster secret"))
        }

        @Test(arguments: ["10.0.0.1", "192.168.1.2"])
        func `with a secret a host off loopback is taken`(host: String) {
            let text = problem {
                $0.servers[1].host = host
                $0.secret = ClusterSecret(Array(repeating: 7, count: 32))
            }
            #expect(text == "none")
        }

        @Test(arguments: ["0.0.0.0", "239.0.0.1", "255.255.255.255"])
        func `an address that no machine has is refused, secret or not`(host: String) {
            let text = problem {
                $0.servers[1].host = host
                $0.secret = ClusterSecret(Array(repeating: 7, count: 32))
            }
            #expect(text.contains("is no address of one machine"))
        }

        @Test(arguments: ["example.org", "", "127.0.0", "127.0.0.256", "127.0.0.+1", "::1"])
        func `a host that is no address is refused`(host: String) {
            #expect(problem { $0.servers[1].host = host }.contains("is no IPv4 address"))
        }

        @Test func `ids that can't name a directory are refused`() {
            for id in ["", "a/b", "..", "a\nb", String(repeating: "x", count: 129)] {
                let text = problem {
                    $0.servers[0].serverID = id
                    $0.serverID = id
                }
                #expect(text != "none")
                #expect(!text.contains("\n"))
            }
        }

        @Test func `an id may hold any word`() {
            let text = problem {
                $0.servers[0].serverID = "leader"
                $0.serverID = "leader"
            }
            #expect(text == "none")
        }

        @Test func `every problem has its line`() {
            let text = problem {
                $0.serverID = "server9"
                $0.servers[2].ringPosition = 0
                $0.network.multicastGroup = "10.0.0.1"
                $0.timing.death = .seconds(1)
            }
            #expect(text.split(separator: "\n").count == 4)
        }
    }
}
