import StateMachine
import SyncNetProtocol

extension ByteReader {
    mutating func body(
        of kind: MessageKind, _ version: PeerVersion
    ) throws(WireError) -> Body {
        switch kind {
        case .heartbeat: .heartbeat(try heartbeat(version))
        case .heartbeatAnswer: .heartbeatAnswer(try heartbeatAnswer(version))
        case .token: .token(try token())
        case .elected: .elected(try elected(version))
        case .tokenTaken:
            .tokenTaken(TokenTaken(lap: try lap(), origin: try node(), serial: try serial()))
        case .leaderLives: .leaderLives(try epoch(), leader: try node())
        case .roundOver: .roundOver(try epoch())
        case .introduction: .introduction(try introduction(version))
        case .append: .append(try append())
        case .appendAnswer: .appendAnswer(try appendAnswer())
        case .relay: .relay(try counter(), try relayedRequest())
        case .relayAnswer: .relayAnswer(try counter(), try relayedAnswer())
        }
    }

    mutating func epoch() throws(WireError) -> Epoch { Epoch(try counter()) }
    mutating func index() throws(WireError) -> LogIndex { LogIndex(try counter()) }
    mutating func stamp() throws(WireError) -> Stamp { Stamp(try counter()) }
    mutating func boot() throws(WireError) -> Boot { Boot(try counter()) }
    mutating func node() throws(WireError) -> NodeID { NodeID(try small()) }
    mutating func disk() throws(WireError) -> DiskID { DiskID(try fixed64()) }
    mutating func cluster() throws(WireError) -> ClusterID { ClusterID(try fixed64()) }

    mutating func instant() throws(WireError) -> Instant {
        Instant(nanoseconds: try counter())
    }

    mutating func memberDisk() throws(WireError) -> MemberDisk {
        MemberDisk(node: try node(), disk: try disk())
    }

    private mutating func heartbeat(
        _ version: PeerVersion
    ) throws(WireError) -> Heartbeat {
        let known = HeartbeatFlags.known(in: version).rawValue
        let flags = HeartbeatFlags(rawValue: try flags(known: known))
        return Heartbeat(
            boot: try boot(), sequence: try counter(), disk: try disk(),
            cluster: flags.contains(.hasCluster) ? try cluster() : nil, round: try epoch(),
            isLeading: flags.contains(.isLeading), commit: try index(), sentAt: try instant(),
            wantsAnswer: flags.contains(.wantsAnswer),
            isRecovering: version >= .two ? flags.contains(.isRecovering) : nil)
    }

    private mutating func heartbeatAnswer(
        _ version: PeerVersion
    ) throws(WireError) -> HeartbeatAnswer {
        HeartbeatAnswer(
            heartbeat: try heartbeat(version), echoedBoot: try boot(), echoedRound: try epoch(),
            echo: try instant())
    }

    private mutating func candidate() throws(WireError) -> CandidateID {
        CandidateID(epoch: try epoch(), index: try index(), node: try node())
    }

    private mutating func serial() throws(WireError) -> TokenSerial {
        TokenSerial(boot: try boot(), number: try counter())
    }

    private mutating func lap() throws(WireError) -> Lap {
        guard let lap = Lap(rawValue: try byte()) else { throw .invalid("lap") }
        return lap
    }

    private mutating func token() throws(WireError) -> Token {
        Token(
            round: try epoch(), candidate: try candidate(), serial: try serial(),
            passed: try small())
    }

    private mutating func elected(_ version: PeerVersion) throws(WireError) -> Elected {
        var elected = Elected(
            round: try epoch(), candidate: try candidate(), serial: try serial(), voters: [],
            refusedRound: try epoch())
        elected.voters = try memberDisks()
        if version >= .two {
            let flags = ElectedFlags(rawValue: try flags(known: ElectedFlags.all.rawValue))
            elected.isDirect = flags.contains(.isDirect)
        }
        return elected
    }

    /// A member takes a byte of rank and eight of disk at the least.
    private mutating func memberDisks() throws(WireError) -> [MemberDisk] {
        let count = try count(ofElementsFrom: 9, most: Limits.membersMax)
        var members: [MemberDisk] = []
        members.reserveCapacity(count)
        for _ in 0..<count { members.append(try memberDisk()) }
        return members
    }

    private mutating func memberNames() throws(WireError) -> [Text] {
        let count = try count(ofElementsFrom: 1, most: Limits.membersMax)
        var names: [Text] = []
        names.reserveCapacity(count)
        for _ in 0..<count { names.append(try text()) }
        return names
    }

    private mutating func introduction(
        _ version: PeerVersion
    ) throws(WireError) -> Introduction {
        let known = IntroductionFlags.known(in: version).rawValue
        let flags = IntroductionFlags(rawValue: try flags(known: known))
        var introduction = Introduction(
            boot: try boot(), disk: try disk(), members: [], isNew: flags.contains(.isNew),
            formation: nil, round: try epoch(), last: try index(),
            wantsAnswer: flags.contains(.wantsAnswer))
        if flags.contains(.hasNonce) { introduction.nonce = try fixed64() }
        introduction.members = try memberNames()
        if flags.contains(.hasFormation) {
            introduction.formation = Formation(
                cluster: try cluster(), members: try memberNames(), disks: try memberDisks())
        }
        return introduction
    }

    private mutating func append() throws(WireError) -> Append {
        let isFromLeader = try flag()
        var append = Append(
            epoch: try epoch(), leader: try node(), cluster: try cluster(),
            previousIndex: try index(), previousEpoch: try epoch(), entries: [],
            commit: try index(), sentAt: try instant(), isFromLeader: isFromLeader)
        append.entries = try entries()
        return append
    }

    /// An entry takes three numbers, a tag and a node at the least.
    private mutating func entries() throws(WireError) -> [Entry] {
        let count = try count(ofElementsFrom: 5)
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            entries.append(
                Entry(
                    index: try index(), epoch: try epoch(), stamp: try stamp(),
                    payload: try payload()))
        }
        return entries
    }

    private mutating func appendAnswer() throws(WireError) -> AppendAnswer {
        let (epoch, disk, echo) = (try epoch(), try disk(), try instant())
        let result: AppendResult =
            switch try byte() {
            case 0: .matches(try index())
            case 1: .tryFrom(try index())
            case 2: .refused(try self.epoch())
            default: throw .invalid("append result")
            }
        return AppendAnswer(epoch: epoch, disk: disk, result: result, echo: echo)
    }

    private mutating func relayedRequest() throws(WireError) -> RelayedRequest {
        switch try byte() {
        case 0:
            let stamp = try stamp()
            return .command(try command(), stamp: stamp)
        case 1: return .readIndex
        case 2: return .admission(try memberDisk())
        case 3: return .membership(.add(try node()))
        case 4: return .membership(.remove(try node()))
        default: throw .invalid("relayed request")
        }
    }

    private mutating func relayedAnswer() throws(WireError) -> RelayedAnswer {
        switch try byte() {
        case 0: .appended(try index(), try epoch())
        case 1: .unchanged(try index())
        case 2: .readIndex(try index())
        case 3: .refused(try nackReason())
        default: throw .invalid("relayed answer")
        }
    }

    private mutating func nackReason() throws(WireError) -> NackReason {
        guard let reason = NackReason(rawValue: try byte()) else { throw .invalid("reason") }
        return reason
    }
}
