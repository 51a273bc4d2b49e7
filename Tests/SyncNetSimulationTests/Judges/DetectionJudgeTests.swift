import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

@Suite struct `The judge of how servers take each other for dead` {
    private let watcher = NodeID(0)
    private let peer = NodeID(1)
    /// Heartbeats every 100 ms, death after 500 ms: 600 ms are the most.
    private let timing = Timing.lan

    private func at(_ milliseconds: UInt64) -> Instant { .zero + .milliseconds(milliseconds) }

    private func heartbeat(
        _ sequence: UInt64, boot: UInt64 = 1, disk: UInt64 = 2, wantsAnswer: Bool = false
    ) -> Heartbeat {
        Heartbeat(
            boot: Boot(boot), sequence: sequence, disk: DiskID(disk), cluster: ClusterID(9),
            round: Epoch(1), isLeading: false, commit: .zero, sentAt: .zero,
            wantsAnswer: wantsAnswer)
    }

    /// The watcher takes part from 0 on, and hears the peer once at 100 ms.
    private var heard: DetectionJudge {
        var judge = DetectionJudge(servers: 2, timing: timing)
        judge.started(watcher, boot: Boot(1))
        judge.sent(.heartbeat(heartbeat(1)), to: peer, by: watcher, now: at(0))
        hear(&judge, heartbeat(1), at(100))
        return judge
    }

    private func hear(_ judge: inout DetectionJudge, _ heartbeat: Heartbeat, _ now: Instant) {
        judge.arrived(.heartbeat(heartbeat), from: peer, at: watcher, isTaken: true, now: now)
        _ = judge.over(watcher, now: now)
    }

    @Test func `lets a silent peer be suspected in time`() {
        var judge = heard
        #expect(judge.over(watcher, now: at(700)) == nil)
        #expect(judge.suspected(peer, by: watcher, now: at(700)) == nil)
        #expect(judge.over(watcher, now: at(5_000)) == nil)
    }

    @Test func `sees a silent peer that is suspected too late or never`() {
        var judge = heard
        #expect(judge.over(watcher, now: at(701))?.property == .detectionBound)
    }

    @Test func `sees that an old heartbeat which came twice was taken for a sign of life`() {
        var judge = heard
        hear(&judge, heartbeat(1), at(400))
        #expect(judge.over(watcher, now: at(701))?.property == .detectionBound)
        judge = heard
        hear(&judge, heartbeat(2), at(400))
        #expect(judge.over(watcher, now: at(1_000)) == nil)
    }

    @Test func `sees somebody suspected who was heard just now`() {
        var judge = heard
        #expect(judge.suspected(peer, by: watcher, now: at(600))?.property == .accuracy)
    }

    @Test func `lets somebody be suspected who left a probe unanswered`() {
        var judge = heard
        let probe = heartbeat(2, wantsAnswer: true)
        judge.sent(.heartbeat(probe), to: peer, by: watcher, now: at(150))
        #expect(judge.suspected(peer, by: watcher, now: at(269))?.property == .accuracy)
        #expect(judge.suspected(peer, by: watcher, now: at(270)) == nil)

        judge = heard
        judge.sent(.heartbeat(probe), to: peer, by: watcher, now: at(150))
        let answer = HeartbeatAnswer(
            heartbeat: heartbeat(2), echoedBoot: Boot(1), echoedRound: Epoch(1), echo: .zero)
        judge.arrived(
            .heartbeatAnswer(answer), from: peer, at: watcher, isTaken: true, now: at(160))
        #expect(judge.suspected(peer, by: watcher, now: at(300))?.property == .accuracy)
    }

    @Test func `sees somebody who speaks again and is not trusted`() {
        var judge = heard
        #expect(judge.suspected(peer, by: watcher, now: at(700)) == nil)
        judge.arrived(
            .heartbeat(heartbeat(2)), from: peer, at: watcher, isTaken: true, now: at(900))
        #expect(judge.over(watcher, now: at(900))?.property == .accuracy)
        judge = heard
        #expect(judge.suspected(peer, by: watcher, now: at(700)) == nil)
        judge.arrived(
            .heartbeat(heartbeat(2)), from: peer, at: watcher, isTaken: true, now: at(900))
        judge.trusted(peer, by: watcher)
        #expect(judge.over(watcher, now: at(900)) == nil)
    }

    @Test func `excuses a server that stands still, and no longer`() {
        var judge = heard
        judge.paused(watcher)
        #expect(judge.over(watcher, now: at(3_000)) == nil)
        judge.resumed(watcher, at: at(3_000))
        #expect(judge.over(watcher, now: at(3_100)) == nil)
        #expect(judge.over(watcher, now: at(3_101))?.property == .detectionBound)
    }

    @Test func `excuses a server whose clock is not true`() {
        var judge = heard
        judge.excuse(watcher)
        #expect(judge.over(watcher, now: at(9_000)) == nil)
        #expect(judge.suspected(peer, by: watcher, now: at(9_000)) == nil)
    }

    @Test func `knows a wiped server, which counts from one again, for alive`() {
        var judge = heard
        hear(&judge, heartbeat(1, disk: 7), at(600))
        #expect(judge.over(watcher, now: at(1_200)) == nil)
        #expect(judge.over(watcher, now: at(1_201))?.property == .detectionBound)
    }
}
