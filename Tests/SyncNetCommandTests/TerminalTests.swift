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
                #expect(ada.end(within: 20) == 0)
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
                // A line that waits ends like one that is acknowledged, and is drawn anew as that.
                let isAllShown = Wait.until(20) {
                    let said = ada.rows.filter { $0.contains(" ada: ") }
                    return said.count == 10 && !said.contains { $0.contains("…") }
                }
                #expect(isAllShown, "\(ada.text)")
                #expect(
                    Wait.until(5) { ada.rows.contains { $0.contains("connection lost") } },
                    "\(ada.text)")
                #expect(ada.rows.count { $0.contains("connection lost") } == 1, "\(ada.text)")
                #expect(Wait.until(5) { ada.prompt == "den>" }, "\(ada.text)")
                ada.type("\u{03}")
                #expect(ada.end(within: 20) == 0)
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
                // Nothing is typed in between.
                first.type("x")
                try #require(Wait.until(10) { first.prompt == "den> x" }, "\(first.text)")
                first.crash()
                bob.type("three")
                try #require(Wait.until(10) { bob.text.contains("bob: three") })
                let second = try seat("ada", cluster, state)
                #expect(
                    Wait.until(10) { second.count(endingIn: "bob: three") == 1 }, "\(second.text)")
                #expect(Wait.until(5) { second.prompt == "den>" }, "\(second.text)")
                #expect(second.count(endingIn: "bob: two") == 0, "\(second.text)")
                second.type("\u{1B}[A")
                #expect(Wait.until(5) { second.prompt == "den> /join den" }, "\(second.text)")
                second.type("\u{03}/quit\r")
                #expect(second.end(within: 20) == 0)
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
                ada.type("/who\r")
                ada.type("still here")
                #expect(
                    Wait.until(5) { ada.prompt == "den [no server answers]> still here" },
                    "\(ada.text)")
                ada.type("\u{15}\u{03}")
                #expect(Wait.until(5) { ada.text.contains("Ctrl-C leaves at once") })
                ada.type("\u{03}")
                #expect(ada.end(within: 20) == 1)
                #expect(Wait.until(5) { ada.text.contains("! not acknowledged: into the void") })
                #expect(
                    Wait.until(5) { ada.rows.count { $0.contains("into the void") } == 1 },
                    "\(ada.text)")
                #expect(Wait.until(5) { ada.text.contains("! not done: /who") }, "\(ada.text)")
                #expect(ada.isAsBefore)
            }
        }

        @Test func `what is refused says why, and is not cut within words`() throws {
            try withPlace { cluster, state in
                let ada = try seat("ada", cluster, state)
                ada.type("/join den\r")
                try #require(Wait.until(10) { ada.prompt == "den>" }, "\(ada.text)")
                ada.type("/private den\r")
                #expect(Wait.until(10) { ada.text.contains("! den is open to every") })
                ada.type("/private nest\r")
                #expect(Wait.until(10) { ada.prompt == "nest>" }, "\(ada.text)")
                #expect(
                    Wait.until(10) { ada.text.contains("· nest is private: only its members") },
                    "\(ada.text)")
                ada.type("/private nest\r")
                #expect(
                    Wait.until(10) {
                        ada.rows.count { $0.hasPrefix("· nest is private: only") } == 2
                    }, "\(ada.text)")
                ada.type("/\t")
                #expect(Wait.until(5) { ada.text.contains("/servers") }, "\(ada.text)")
                let words = Set(ada.rows.flatMap { $0.split(separator: " ") }.map(String.init))
                #expect(
                    words.isSuperset(of: ["/create", "/search", "/quit", "everybody,", "name"]))
                ada.type("\u{15}/help\r")
                #expect(Wait.until(5) { ada.text.contains("/login") }, "\(ada.text)")
                ada.type("\u{15}\u{04}")
                #expect(ada.end(within: 20) == 0)
            }
        }

        @Test func `a text over the limit is told with the limit`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            _ = try cluster.leader()
            let long = String(repeating: "x", count: 20_000)
            let send = try Running.syncnet(["send", "den", long] + cluster.flags)
            let ended = try #require(send.end(within: 20))
            #expect(ended.code == 1)
            #expect(
                ended.errors.contains("20000 bytes, and 16384 bytes are taken at most"),
                "\(ended.errors)")
        }

        @Test func `who waits for a cluster is told so, and of an unknown host at once`() throws {
            let state = try Place.temporary()
            defer { try? FileManager.default.removeItem(at: state) }
            let port = TestCluster.freshPorts()
            let patience = ["--patience", "3", "--base-port", "\(port)"]
            let lonely = try TerminalSeat(["client"] + patience, state: state, columns: 100)
            #expect(
                Wait.until(10) {
                    lonely.text.contains("looks for a server that answers, for 3 s")
                },
                "\(lonely.text)")
            #expect(lonely.end(within: 10) == 1)
            #expect(
                Wait.until(5) { lonely.text.contains("no server answers at") }, "\(lonely.text)")
            let unknown = try Running.syncnet(["client", "--server-host", "nowhere.invalid"])
            let ended = try #require(unknown.end(within: 9), "not within the patience")
            #expect(ended.code == 1)
            #expect(
                ended.errors.contains("there is no host \"nowhere.invalid\""), "\(ended.errors)")
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
