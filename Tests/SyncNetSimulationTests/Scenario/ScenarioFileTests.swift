import DeterministicSimulation
import Foundation
import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `A scenario file` {
    func read(_ text: String) throws(ScenarioError) -> Scenario {
        try Scenario.parse(text, name: "test", file: "test.yaml")
    }

    func complaint(about text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `says what is run`() throws {
        let scenario = try read(
            """
            about: a test
            servers: 3-7
            clients: 5
            plain: 20
            timing: [guide, lan]
            duration: 20s-1min
            storage: memory
            small-limits: true
            workload: {rooms: 2, pause: 20ms-1.5s, say: 9, storm: {at: 3s, clients: 40}}
            network: {delay: 100us-5ms, loss: 2.5%}
            disk: {commit: 1ms-2ms, slow: 1%}
            faults:
              swarm: true
              pause: 1s-2s
              at-once: 3
              down: all
              one-way: {weight: 3, lasting: 2s-4s}
              pause-node: {}
            leader-faults: {crash: {lasting: 1s}}
            rolling: {down: 1s}
            bounds: {liveness: 30s, elections: 1, count-tokens: true}
            bugs: [R18, E1]
            """)
        #expect(scenario.servers == 3...7)
        #expect(scenario.clients == 5...5)
        #expect(scenario.timings == [.guide, .lan])
        #expect(scenario.duration == .seconds(20)...(.seconds(60)))
        #expect(scenario.storage == .memory)
        #expect(scenario.workload.pause == .milliseconds(20)...(.milliseconds(1_500)))
        #expect(scenario.workload.storm == Storm(at: .seconds(3), clients: 40))
        #expect(scenario.network.loss == 25_000)
        #expect(scenario.disk.slow == 10_000)
        #expect(scenario.isSwarm)
        #expect(scenario.faults.down == .all)
        let oneWay = FaultChoice(.oneWay, weight: 3, lasting: .seconds(2)...(.seconds(4)))
        #expect(scenario.faults.choices.contains(oneWay))
        #expect(scenario.faults.choices.map(\.kind) == [.pause, .oneWay])
        #expect(scenario.leaderFaults.choices.map(\.kind) == [.crash])
        #expect(scenario.bounds.liveness == .seconds(30))
        #expect(scenario.bugs == [.r18AckBeforeQuorum, .e1SmallerTokensForwarded])
    }

    @Test func `names every kind of fault, and how strong they are`() throws {
        let kinds = FaultKind.allCases.map { "  \($0.word): {lasting: 1s}" }
        let scenario = try read(
            "faults:\n" + kinds.joined(separator: "\n") + """

                  spoilt: 1
                  mtu: 100-200
                  bytes-per-second: 1000
                  buffer: 1500-3000
                  pieces: 1-9
                  rate: 90%-200%
                  step: 1s-1min
                """)
        let faults = scenario.faults
        #expect(faults.choices.map(\.kind) == FaultKind.allCases)
        #expect(faults.spoilt == .count(1))
        #expect((faults.mtu, faults.pieceBytes) == (100...200, 1...9))
        #expect((faults.bytesPerSecond, faults.bufferBytes) == (1_000...1_000, 1_500...3_000))
        #expect(faults.clockRate == 900_000...2_000_000)
        #expect(faults.wallStep == .seconds(1)...(.seconds(60)))
    }

    @Test func `that is misspelt gets one line that says where and what would do`() {
        let unknown = complaint(about: "servers: 3\nclint: 4")
        #expect(
            unknown?.hasPrefix("test.yaml:2: a scenario has no \"clint\"; it has: about, servers")
                == true)
        #expect(
            complaint(about: "servers: many")
                == "test.yaml:1: servers can't be \"many\"; write a number or a range such as "
                + "3-7, from 1 to 100")
        #expect(
            complaint(about: "workload:\n  pause: soon")
                == "test.yaml:2: workload.pause can't be \"soon\"; write a time or a range such "
                + "as 20ms-2s")
        #expect(complaint(about: "duration: 9s-3s")?.contains("duration can't be") == true)
        #expect(complaint(about: "faults: {loss: 3}")?.contains("has to be a table") == true)
        #expect(complaint(about: "faults: {share: 200%}")?.contains("a share") == true)
        #expect(complaint(about: "bugs: [R99]")?.contains("ids of planted bugs: E1") == true)
        #expect(complaint(about: "- a\n- list")?.contains("has to be a table") == true)
        #expect(complaint(about: "a: [")?.hasPrefix("test.yaml: this is no YAML") == true)
        #expect(complaint(about: "")?.contains("empty") == true)
    }

    @Test func `is found by its name, or the others are named`() throws {
        let all = try Scenario.names(in: Self.directory)
        #expect(all.count >= 15)
        for name in all {
            let scenario = try Scenario.find(name, in: Self.directory)
            #expect(scenario.name == name)
            #expect(!scenario.about.isEmpty)
            #expect(scenario.bugs.isEmpty)
        }
        #expect(throws: ScenarioError.self) {
            _ = try Scenario.find("no-such", in: Self.directory)
        }
    }

    static var directory: String {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("Simulations").path
    }
}
