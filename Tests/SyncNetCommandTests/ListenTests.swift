import Foundation
import Testing

extension CommandTests {
    /// Multicast chat.
    @Suite(.timeLimit(.minutes(5))) struct ListenTests {
        @Test func `a listener shows all that is said once and in order, whoever dies`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let ada = try Running.syncnet(["client", "--name", "ada"] + cluster.flags)
            ada.type("/join den")
            ada.type("before")
            try #require(Wait.until(10) { ada.text.contains("ada: before") })
            let new = try Running.syncnet(["listen"] + cluster.flags)
            let all = try Running.syncnet(["listen", "den", "--after", "0"] + cluster.flags)
            let pub = try Running.syncnet(["listen", "pub"] + cluster.flags)
            try #require(Wait.until(10) { all.text.contains("[den] ada: before") }, "\(all.text)")
            // Nobody knows when the first one began to listen, unless it has heard something.
            var probes = 0
            try #require(
                Wait.until(20) {
                    probes += 1
                    ada.type("probe \(probes)")
                    return Wait.until(0.5) { new.text.contains("probe") }
                })
            for number in 1...20 { ada.type("one \(number)") }
            try cluster.kill(1)
            for number in 1...20 { ada.type("two \(number)") }
            try #require(Wait.until(30) { ada.text.contains("ada: two 20") }, "\(ada.text)")
            let wanted = ["one", "two"].flatMap { word in
                (1...20).map { "[den] ada: \(word) \($0)" }
            }
            for listener in [new, all] {
                #expect(
                    Wait.until(20) { listener.text.contains("two 20") }, "\(listener.text)")
                let stamped = listener.text.split(separator: "\n")
                let time = #/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} /#
                #expect(stamped.allSatisfy { $0.prefixMatch(of: time) != nil }, "\(stamped)")
                let lines = stamped.map { String($0.dropFirst(20)) }
                #expect(lines.filter { !$0.contains("probe") }.suffix(40) == wanted[...])
                #expect(Set(lines).count == lines.count, "\(lines)")
            }
            #expect(!pub.text.contains("ada"))
            for listener in [new, all, pub] {
                listener.send(SIGINT)
                #expect(listener.end(within: 20)?.code == 0)
            }
        }

        @Test func `a listener of a private room is told that it is not multicast`() throws {
            let cluster = try TestCluster(size: 1)
            defer { cluster.remove() }
            try cluster.start()
            _ = try cluster.leader()
            let ada = try Running.syncnet(["client", "--name", "ada"] + cluster.flags)
            ada.type("/private nest")
            ada.type("for us alone")
            ada.type("/join den")
            ada.type("for all")
            try #require(Wait.until(10) { ada.text.contains("ada: for all") }, "\(ada.text)")
            for (name, flags) in [("ada", []), ("ada", ["--after", "0"]), ("eve", [])] {
                let listener = try Running.syncnet(
                    ["listen", "nest", "--name", name] + flags + cluster.flags)
                let ended = try #require(listener.end(within: 15), "\(listener.text)")
                #expect(ended.code == 1)
                #expect(
                    ended.errors.contains("nest is private, and private rooms are not multicast"),
                    "\(ended.errors)")
                #expect(ended.errors.split(separator: "\n").count == 1, "\(ended.errors)")
            }
            let open = try Running.syncnet(
                ["listen", "den", "--after", "0", "--json", "--name", "ada"] + cluster.flags)
            #expect(Wait.until(10) { open.text.contains("for all") }, "\(open.text)")
            #expect(open.text.contains(#""type":"message""#), "\(open.text)")
        }
    }
}
