import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

/// What a server may say of its disk, and what it may have forgotten.
@Suite struct `The judge of disks` {
    private let node = NodeID(0)
    private let health = DiskHealth()

    /// A server that has started on disk 1 and voted in round 4.
    private func voter() -> JournalJudge {
        var judge = JournalJudge()
        let start = Recovered(disk: DiskID(1), boot: Boot(1))
        _ = judge.started(start, by: node, on: health)
        let ballot = Ballot(round: Epoch(4), vote: NodeID(2))
        judge.asked(.ballot(ballot), Ticket(1), commit: 1)
        judge.written(Ticket(1))
        return judge
    }

    private func restart(disk: UInt64 = 1, round: UInt64) -> Recovered {
        var found = Recovered(disk: DiskID(disk), boot: Boot(2))
        if round > 0 { found.ballot = Ballot(round: Epoch(round), vote: NodeID(2)) }
        return found
    }

    @Test func `lets a vote be forgotten on no sound disk, and on no damaged one`() {
        for isDamaged in [false, true] {
            if isDamaged { health.damage() }
            var judge = voter()
            #expect(judge.started(restart(round: 0), by: node, on: health)?.property == .journal)
            #expect(!judge.isExcused)
        }
    }

    @Test func `demands nothing more where a disk forgot without a trace`() {
        var judge = voter()
        health.damage()
        health.losePower(breakingPromise: false)
        #expect(judge.started(restart(round: 0), by: node, on: health) == nil)
        #expect(judge.isExcused)
    }

    @Test func `knows when evidence could have told, and when the power had taken it`() {
        health.losePower(breakingPromise: false)
        health.started()
        health.damage()
        #expect(!health.mayHaveForgotten)
        health.begin()
        health.losePower(breakingPromise: false)
        health.damage(isSilent: false)
        #expect(!health.mayHaveForgotten)
        health.damage()
        #expect(health.mayHaveForgotten)
    }

    @Test func `knows when both the database and its evidence were hit`() {
        health.damage(ofEvidence: true)
        #expect(!health.mayHaveForgotten, "the database tells by itself")
        health.damage()
        #expect(health.mayHaveForgotten)
        health.begin()
        health.damage()
        health.damage()
        #expect(!health.mayHaveForgotten, "the evidence tells")
        health.damage(ofEvidence: true)
        #expect(health.mayHaveForgotten)
        health.begin()
        health.damage(ofEvidence: true)
        health.started()
        health.damage()
        #expect(!health.mayHaveForgotten, "the start has left new evidence")
    }

    @Test func `knows a promise as broken that was dropped before the power went`() {
        for isDropped in [false, true] {
            let file = DiskFile()
            [UInt8](repeating: 7, count: 512).withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                file.write(base, count: bytes.count, at: 0)
            }
            file.promise()
            if isDropped { file.drop() }
            // Keeps all that it can: what was dropped is beyond that.
            #expect(file.crash { _, _ in 1 } == isDropped)
            #expect(file.size == (isDropped ? 0 : 512))
            #expect(!file.crash { _, _ in 1 }, "a promise is broken once")
        }
    }

    @Test func `knows a promise as kept again once all of it is written anew`() {
        let file = DiskFile()
        func write() {
            [UInt8](repeating: 7, count: 512).withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                file.write(base, count: bytes.count, at: 0)
            }
        }
        write()
        file.promise()
        file.drop()
        write()
        file.sync()
        #expect(!file.crash { _, _ in 1 })
        #expect(file.size == 512)
    }

    @Test func `excuses nobody who has forgotten nothing`() {
        var judge = voter()
        health.losePower(breakingPromise: true)
        #expect(judge.started(restart(round: 4), by: node, on: health) == nil)
        #expect(!judge.isExcused)
    }

    @Test func `lets a sound disk not be called damaged`() {
        let judge = voter()
        #expect(judge.refused(by: node, on: health)?.property == .journal)
        health.damage()
        #expect(judge.refused(by: node, on: health) == nil)
    }

    @Test func `lets only an emptied disk have another name`() {
        var judge = voter()
        let found = restart(disk: 9, round: 0)
        #expect(judge.started(found, by: node, on: health)?.property == .journal)
        judge = voter()
        health.begin()
        #expect(judge.started(found, by: node, on: health) == nil)
        #expect(!judge.isExcused)
    }
}
