import Foundation
import Testing

extension CommandTests {
    /// The example of the client library.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: Place.hasBot, "needs a debug build"))
    struct BotTests {
        @Test func `the bot answers on a real cluster, before and after its server dies`() throws {
            let cluster = try TestCluster()
            defer { cluster.remove() }
            try cluster.start()
            try cluster.becomesHealthy()
            let bot = try Running(Place.bot, ["den", "localhost:\(cluster.basePort)"])
            let person = try Running.syncnet([
                "client", "--name", "ada", "--server-port", "\(cluster.basePort + 1)",
            ])
            person.type("/join den")
            try #require(
                Wait.until(20) {
                    person.type("/who")
                    return person.text.contains(": ada, echo")
                })
            person.type("!echo one")
            #expect(Wait.until(20) { person.text.contains("[den] echo: one") }, "\(bot.text)")
            try cluster.kill(1)
            person.type("!echo two")
            #expect(Wait.until(30) { person.text.contains("[den] echo: two") }, "\(bot.text)")
            #expect(bot.isRunning)
        }

        @Test func `the bot has under 40 lines, and its page shows them`() throws {
            let source = try String(contentsOf: Place.botSource, encoding: .utf8)
            #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count < 40)
            let page = try String(contentsOf: Place.clientPage, encoding: .utf8)
            #expect(page.contains("```swift\n\(source)```"))
        }
    }
}
