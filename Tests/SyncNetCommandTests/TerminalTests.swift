import Foundation
import Testing

extension CommandTests {
    /// The client at a real pseudo-terminal.
    @Suite(.timeLimit(.minutes(5))) struct TerminalTests {
        @Test func `messages come while one types, and destroy nothing`() throws {
            try withPlace { cluster, state in
                let ada = try seat("ada", cluster, state)
                let bob = try pipe("bob", cluster)
                ada.type("/join pub\r/jo\t")
                ada.type("den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                ada.type("half a tho")
                bob.type("/join den")
                bob.type("hello from bob")
                #expect(
                    Wait.until(10) { ada.count(endingIn: "bob: hello from bob") == 1 },
                    "\(ada.text)")
                #expect(Wait.until(5) { ada.prompt == "den> half a tho" }, "\(ada.text)")
                ada.type("ught, 日本語\r")
                #expect(
                    Wait.until(10) { ada.count(endingIn: " ada: half a thought, 日本語") == 1 },
                    "\(ada.text)")
                #expect(Wait.until(5) { ada.prompt == "den>" }, "\(ada.text)")
                bob.type("/join pub")
                bob.type("one for later")
                #expect(Wait.until(10) { ada.prompt == "den (pub 1)>" }, "\(ada.text)")
                #expect(ada.count(endingIn: "one for later") == 0)
                ada.type("/join pub\r")
                #expect(
                    Wait.until(10) { ada.count(endingIn: "bob: one for later") == 1 },
                    "\(ada.text)")
                ada.type("bo\t")
                #expect(Wait.until(5) { ada.prompt == "pub> bob:" }, "\(ada.text)")
                ada.type("\u{03}")
                #expect(Wait.until(5) { ada.prompt == "pub>" }, "\(ada.text)")
                ada.type("\u{1B}[A\u{1B}[A")
                #expect(Wait.until(5) { ada.prompt.hasSuffix("日本語") }, "\(ada.text)")
                ada.type("\u{15}\u{04}")
                #expect(ada.end(within: 5) == 0)
                #expect(ada.isAsBefore)
            }
        }

        @Test func `a change of server is one quiet line, and nothing is lost or doubled`() throws {
            try withPlace { cluster, state in
                let ada = try seat("ada", cluster, state, port: cluster.basePort)
                ada.type("/join den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                for number in 1...5 { ada.type("before \(number)\r") }
                try cluster.kill(1)
                for number in 1...5 { ada.type("after \(number)\r") }
                for word in ["before", "after"] {
                    for number in 1...5 {
                        #expect(
                            Wait.until(20) { ada.count(endingIn: " ada: \(word) \(number)") == 1 },
                            "\(ada.text)")
                    }
                }
                #expect(Wait.until(5) { ada.prompt == "den>" }, "\(ada.text)")
                #expect(ada.rows.count { $0.contains("connection lost") } == 1, "\(ada.text)")
                let shown = ada.rows.filter { $0.contains(" ada: ") }.map { $0.dropFirst(6) }
                #expect(shown.count == 10, "\(ada.text)")
                ada.type("\u{03}")
                #expect(ada.end(within: 5) == 0)
            }
        }

        @Test func `after a crash it goes on where it was`() throws {
            try withPlace { cluster, state in
                let bob = try pipe("bob", cluster)
                bob.type("/join den")
                bob.type("one")
                let first = try seat("ada", cluster, state)
                first.type("/join den\r")
                #expect(Wait.until(10) { first.count(endingIn: "bob: one") == 1 }, "\(first.text)")
                bob.type("two")
                #expect(Wait.until(10) { first.count(endingIn: "bob: two") == 1 }, "\(first.text)")
                // What is shown is remembered right after it: a crash in between shows it again.
                Thread.sleep(forTimeInterval: 0.5)
                first.crash()
                bob.type("three")
                try #require(Wait.until(10) { bob.text.contains("bob: three") })
                let second = try seat("ada", cluster, state)
                #expect(
                    Wait.until(10) { second.count(endingIn: "bob: three") == 1 }, "\(second.text)")
                #expect(second.prompt == "den>", "\(second.text)")
                #expect(second.count(endingIn: "bob: two") == 0, "\(second.text)")
                second.type("\u{1B}[A")
                #expect(Wait.until(5) { second.prompt == "den> /join den" }, "\(second.text)")
                second.type("\u{03}/quit\r")
                #expect(second.end(within: 5) == 0)
            }
        }

        @Test func `without servers what was said waits, and one may go all the same`() throws {
            try withPlace { cluster, state in
                let ada = try seat("ada", cluster, state)
                ada.type("/join den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                for number in 1...3 { try cluster.kill(number) }
                ada.type("into the void\r")
                #expect(
                    Wait.until(10) { ada.rows.contains("    … ada: into the void") },
                    "\(ada.text)")
                #expect(
                    Wait.until(10) { ada.prompt.hasPrefix("den [no server answers]>") },
                    "\(ada.text)")
                ada.type("\u{03}")
                #expect(Wait.until(5) { ada.text.contains("Ctrl-C leaves at once") })
                ada.type("\u{03}")
                #expect(ada.end(within: 5) == 1)
                #expect(Wait.until(5) { ada.text.contains("! not acknowledged: into the void") })
                #expect(ada.isAsBefore)
            }
        }

        private func seat(
            _ name: String, _ cluster: TestCluster, _ state: URL, port: Int? = nil
        ) throws -> TerminalSeat {
            let place = port.map { ["--server-port", "\($0)"] } ?? cluster.flags
            let seat = try TerminalSeat(["client", "--name", name] + place, state: state)
            try #require(Wait.until(10) { seat.text.contains("connected to") }, "\(seat.text)")
            return seat
        }

        private func pipe(_ name: String, _ cluster: TestCluster) throws -> Running {
            try Running.syncnet(["client", "--name", name] + cluster.flags)
        }

        private func withPlace(_ body: (TestCluster, URL) throws -> Void) throws {
            let cluster = try TestCluster()
            let state = try Place.temporary()
            defer {
                cluster.remove()
                try? FileManager.default.removeItem(at: state)
            }
            try cluster.start()
            try cluster.becomesHealthy()
            try body(cluster, state)
        }
    }
}
