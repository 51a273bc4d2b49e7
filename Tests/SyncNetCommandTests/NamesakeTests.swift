import Foundation
import Testing

extension CommandTests {
    /// Two clients under one name: the same person at two devices.
    @Suite(.timeLimit(.minutes(2))) struct NamesakeTests {
        @Test func `who was turned out of a room by a namesake may join it again`() throws {
            try TestCluster.healthy { cluster in
                let state = try Place.temporary()
                defer { try? FileManager.default.removeItem(at: state) }
                let words = ["client", "--name", "ada"] + cluster.flags
                let seat = try TerminalSeat(words, state: state)
                seat.type("/join den\r")
                try #require(Wait.until(10) { seat.prompt == "den>" }, "\(seat.text)")
                let pipe = try Running.syncnet(words)
                pipe.type("/join den")
                pipe.type("one")
                #expect(Wait.until(10) { seat.count(endingIn: "ada: one") == 1 }, "\(seat.text)")
                // The terminal is turned out by the pipe, and the other way round.
                pipe.type("/leave")
                try #require(Wait.until(10) { pipe.text.contains("left den") }, "\(pipe.text)")
                seat.type("lost words\r")
                #expect(Wait.until(10) { seat.prompt == ">" }, "\(seat.text)")
                #expect(seat.text.contains("— it was: lost words"), "\(seat.text)")
                seat.type("/join den\r")
                #expect(Wait.until(10) { seat.prompt == "den>" }, "\(seat.text)")
                seat.type("two\r")
                #expect(Wait.until(10) { seat.count(endingIn: "ada: two") == 1 }, "\(seat.text)")
                pipe.type("/join den")
                pipe.type("three")
                #expect(Wait.until(10) { seat.count(endingIn: "ada: three") == 1 }, "\(seat.text)")
                seat.type("/leave\r")
                #expect(Wait.until(10) { seat.prompt == ">" }, "\(seat.text)")
                pipe.type("/leave")
                pipe.type("/join den")
                pipe.type("four")
                pipe.endInput()
                let ended = try #require(pipe.end(within: 20))
                #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
                #expect(ended.output.contains("ada: four"), "\(ended.output)")
                seat.type("/quit\r")
                #expect(seat.end(within: 20) == 0)
            }
        }

        @Test func `a script that speaks where a namesake has left is told how to go on`() throws {
            try TestCluster.healthy { cluster in
                let words = ["client", "--name", "ada"] + cluster.flags
                let first = try Running.syncnet(words)
                first.type("/join den")
                try #require(Wait.until(10) { first.text.contains("you are in den") })
                let second = try Running.syncnet(words)
                second.type("/join den")
                second.type("/leave")
                second.endInput()
                #expect(try #require(second.end(within: 20)).code == 0)
                first.type("unheard")
                #expect(Wait.until(10) { first.errorText.contains("/join den first") })
                first.type("/join den")
                first.type("heard")
                first.endInput()
                let ended = try #require(first.end(within: 20))
                #expect(ended.code == 1, "something was refused")
                #expect(ended.output.contains("ada: heard"), "\(ended.output)")
            }
        }
    }
}
