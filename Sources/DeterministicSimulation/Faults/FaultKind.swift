/// The sorts of faults from which a nemesis draws.
public enum FaultKind: UInt8, Equatable, Sendable, CaseIterable {
    /// ``Fault/crash(_:_:)`` of a member.
    case crash
    /// ``Fault/crashInCommit(_:_:)`` of a member.
    case crashInCommit
    /// ``Fault/pause(_:)`` of a member.
    case pause
    /// ``Fault/wipe(_:)`` of a member.
    case wipe
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/failedSync``.
    case failedSync
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/lyingSync``.
    case lyingSync
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/full``.
    case diskFull
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/readError``.
    case readError
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/shortRead``.
    case shortRead
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/bitFlip``.
    case bitFlip
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/misdirectedRead``.
    case misdirectedRead
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/misdirectedWrite``.
    case misdirectedWrite
    /// ``Fault/disk(_:_:)`` of a member with ``DiskTrouble/stall``.
    case diskStall
    /// ``Fault/slowNode(_:by:)`` of a member.
    case slowNode
    /// ``Fault/formerVersion(_:)`` of a member.
    case formerVersion
    /// ``Fault/isolate(_:)`` of a member.
    case isolate
    /// ``Fault/split(_:)`` into halves.
    case halves
    /// ``Fault/split(_:)`` of a minority third.
    case minorityThird
    /// ``Fault/split(_:)`` into three or more parts.
    case parts
    /// ``Fault/oneWay(from:to:)`` between a member and the others, or two groups.
    case oneWay
    /// ``Fault/pair(_:_:)`` of members.
    case pair
    /// ``Fault/bridge(_:_:_:)`` of members.
    case bridge
    /// ``Fault/majoritiesRing(_:)`` of all members.
    case majoritiesRing
    /// ``Fault/pair(_:_:)`` of a client and a member.
    case clientFromMember
    /// ``Fault/flapping(_:_:period:)`` of a member and the others.
    case flapping
    /// ``Fault/swizzle(_:)`` of some members.
    case swizzle
    /// ``Fault/slowLink(_:_:delay:)`` of two members.
    case slowLink
    /// ``Fault/loss(perMillion:)``.
    case loss
    /// ``Fault/doubling(perMillion:)``.
    case doubling
    /// ``Fault/holdingBack(perMillion:)``.
    case holdingBack
    /// ``Fault/delay(_:)``.
    case delay
    /// ``Fault/oddDelay(_:)``: exponential, of two modes or with a heavy tail.
    case oddDelay
    /// ``Fault/corruption(perMillion:)``.
    case corruption
    /// ``Fault/truncation(beyond:)``.
    case truncation
    /// ``Fault/bandwidth(_:bytesPerSecond:bufferBytes:)`` with any number of bytes waiting.
    case bandwidth
    /// ``Fault/bandwidth(_:bytesPerSecond:bufferBytes:)`` with a small buffer.
    case fullBuffer
    /// ``Fault/resetStreams(_:_:)`` of any two nodes.
    case resetStreams
    /// ``Fault/halfOpen(_:_:)`` of any two nodes.
    case halfOpen
    /// ``Fault/partialReads(_:bytes:)`` of any node.
    case partialReads
    /// ``Fault/partialWrites(_:bytes:)`` of any node.
    case partialWrites
    /// ``Fault/slowReader(_:bytesPerSecond:)`` of any node.
    case slowReader
    /// ``Fault/clockRate(_:perMillion:)`` of a member.
    case clockRate
    /// ``Fault/wallRate(_:perMillion:)`` of a member.
    case wallRate
    /// ``Fault/wallStep(_:byMicroseconds:)`` of a member.
    case wallStep
    /// ``Fault/clockFreeze(_:)`` of a member.
    case clockFreeze
    /// ``Fault/crashLoop(_:times:up:)`` of a member.
    case crashLoop
    /// ``Fault/blocked(_:from:to:isBothWays:)`` of datagrams, between members.
    case blockedDatagrams
    /// ``Fault/blocked(_:from:to:isBothWays:)`` of streams, between members, or with clients too.
    case blockedStreams
    /// ``Fault/pause(_:)`` of a client, as of a laptop that sleeps.
    case pauseClient
    /// ``Fault/slowNode(_:by:)`` of a client.
    case slowClient
    /// ``Fault/clockRate(_:perMillion:)`` of a client.
    case crookedClient

    /// Its name in words: `oneWay` is "one way".
    public var words: String {
        var words = ""
        for letter in "\(self)" {
            if letter.isUppercase { words.append(" ") }
            words.append(contentsOf: letter.lowercased())
        }
        return words
    }
}
