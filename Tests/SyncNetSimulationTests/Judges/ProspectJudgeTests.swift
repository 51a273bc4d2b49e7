import StateMachine
import SyncNetProtocol
import Testing

@testable import SyncNetSimulation

/// Four servers; the first leads, and has put into its own log alone that the second is a member
/// no more. The second leads after it and removes the first.
private func contested() -> Story {
    var story = Story(servers: 4, isChanging: true)
    story.note(0, .becameLeader(Epoch(1)))
    story.append([.started(1)], on: [0, 1, 2, 3])
    story.note(0, .committed(LogIndex(1)))
    story.append([.removal(of: 1, at: 2, epoch: 1)], on: [0])
    story.note(1, .becameLeader(Epoch(2)))
    return story
}

@Suite struct `The judge of who could be elected` {
    @Test func `sees a commit that a quorum of another list of members could lose`() {
        var story = contested()
        let tail: [Entry] = [
            .started(2, epoch: 2, by: 1), .removal(of: 0, at: 3, epoch: 2),
        ]
        story.append(tail, on: [1, 2])
        story.note(1, .committed(LogIndex(3)))
        #expect(story.verdict == .leaderCompleteness)
        let detail = story.court.verdict?.detail
        #expect(detail?.hasSuffix("could be elected by s1, s4") == true, "\(detail ?? "")")
    }

    @Test func `is content where an entry of the new epoch was committed before the change`() {
        var story = contested()
        story.append([.started(2, epoch: 2, by: 1)], on: [1, 2, 3])
        story.note(1, .committed(LogIndex(2)))
        story.append([.removal(of: 0, at: 3, epoch: 2)], on: [1, 2])
        story.note(1, .committed(LogIndex(3)))
        #expect(story.verdict == nil)
    }

    @Test func `counts no vote of a server whose log a crash may turn back`() {
        var story = contested()
        let tail: [Entry] = [
            .started(2, epoch: 2, by: 1), .removal(of: 0, at: 3, epoch: 2),
        ]
        // The fourth server has more of the first epoch, and is about to be fed the second.
        story.append(
            [.removal(of: 1, at: 2, epoch: 1), .chat(3, "lost", number: 1)], on: [3])
        story.write(3, .cut(from: LogIndex(3)), durable: false)
        story.append(tail, on: [1, 2])
        story.note(1, .committed(LogIndex(3)))
        #expect(story.verdict == nil)
    }
}

extension Entry {
    fileprivate static func removal(of rank: UInt32, at index: UInt64, epoch: UInt64) -> Entry {
        Entry(
            index: LogIndex(index), epoch: Epoch(epoch), stamp: Stamp(index * 10),
            payload: .memberRemoved(NodeID(rank), DiskID(UInt64(rank) + 1)))
    }
}
