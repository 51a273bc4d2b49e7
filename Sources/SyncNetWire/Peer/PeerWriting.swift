import StateMachine
import SyncNetProtocol

extension ByteWriter {
    mutating func body(_ body: Body, _ version: PeerVersion) {
        switch body {
        case .heartbeat(let heartbeat): self.heartbeat(heartbeat, version)
        case .heartbeatAnswer(let answer):
            heartbeat(answer.heartbeat, version)
            varint(answer.echoedBoot.number)
            varint(answer.echoedRound.number)
            varint(answer.echo.nanoseconds)
        case .token(let token): self.token(token)
        case .elected(let elected): self.elected(elected, version)
        case .tokenTaken(let taken):
            byte(taken.lap.rawValue)
            node(taken.origin)
            serial(taken.serial)
        case .leaderLives(let epoch, let leader):
            varint(epoch.number)
            node(leader)
        case .roundOver(let epoch): varint(epoch.number)
        case .introduction(let introduction): self.introduction(introduction, version)
        case .append(let append): self.append(append)
        case .appendAnswer(let answer): self.answer(answer)
        case .relay(let number, let request):
            varint(number)
            self.request(request)
        case .relayAnswer(let number, let answer):
            varint(number)
            self.answer(answer)
        case .request, .reply: preconditionFailure("clients are spoken to by ClientCodec")
        }
    }

    mutating func node(_ node: NodeID) { varint(UInt64(node.rank)) }

    mutating func disk(_ disk: MemberDisk) {
        node(disk.node)
        fixed64(disk.disk.number)
    }

    private mutating func heartbeat(_ heartbeat: Heartbeat, _ version: PeerVersion) {
        var flags = HeartbeatFlags()
        flags.set(.isLeading, heartbeat.isLeading)
        flags.set(.wantsAnswer, heartbeat.wantsAnswer)
        flags.set(.hasCluster, heartbeat.cluster != nil)
        flags.set(.isRecovering, version >= .two && heartbeat.isRecovering == true)
        byte(flags.rawValue)
        varint(heartbeat.boot.number)
        varint(heartbeat.sequence)
        fixed64(heartbeat.disk.number)
        if let cluster = heartbeat.cluster { fixed64(cluster.number) }
        varint(heartbeat.round.number)
        varint(heartbeat.commit.number)
        varint(heartbeat.sentAt.nanoseconds)
    }

    private mutating func candidate(_ candidate: CandidateID) {
        varint(candidate.epoch.number)
        varint(candidate.index.number)
        node(candidate.node)
    }

    private mutating func serial(_ serial: TokenSerial) {
        varint(serial.boot.number)
        varint(serial.number)
    }

    private mutating func token(_ token: Token) {
        varint(token.round.number)
        candidate(token.candidate)
        serial(token.serial)
        varint(UInt64(token.passed))
    }

    private mutating func elected(_ elected: Elected, _ version: PeerVersion) {
        varint(elected.round.number)
        candidate(elected.candidate)
        serial(elected.serial)
        varint(elected.refusedRound.number)
        varint(UInt64(elected.voters.count))
        for voter in elected.voters { disk(voter) }
        guard version >= .two else { return }
        var flags = ElectedFlags()
        flags.set(.isDirect, elected.isDirect)
        byte(flags.rawValue)
    }

    private mutating func introduction(_ introduction: Introduction, _ version: PeerVersion) {
        let nonce = version >= .two ? introduction.nonce : nil
        var flags = IntroductionFlags()
        flags.set(.hasNonce, nonce != nil)
        flags.set(.isNew, introduction.isNew)
        flags.set(.wantsAnswer, introduction.wantsAnswer)
        flags.set(.hasFormation, introduction.formation != nil)
        byte(flags.rawValue)
        varint(introduction.boot.number)
        fixed64(introduction.disk.number)
        varint(introduction.round.number)
        varint(introduction.last.number)
        if let nonce { fixed64(nonce) }
        texts(introduction.members)
        guard let formation = introduction.formation else { return }
        fixed64(formation.cluster.number)
        texts(formation.members)
        varint(UInt64(formation.disks.count))
        for member in formation.disks { disk(member) }
    }

    private mutating func texts(_ texts: [Text]) {
        varint(UInt64(texts.count))
        for element in texts { text(element) }
    }

    private mutating func append(_ append: Append) {
        byte(append.isFromLeader ? 1 : 0)
        varint(append.epoch.number)
        node(append.leader)
        fixed64(append.cluster.number)
        varint(append.previousIndex.number)
        varint(append.previousEpoch.number)
        varint(append.commit.number)
        varint(append.sentAt.nanoseconds)
        varint(UInt64(append.entries.count))
        for entry in append.entries {
            varint(entry.index.number)
            varint(entry.epoch.number)
            varint(entry.stamp.number)
            payload(entry.payload)
        }
    }

    private mutating func answer(_ answer: AppendAnswer) {
        varint(answer.epoch.number)
        fixed64(answer.disk.number)
        varint(answer.echo.nanoseconds)
        switch answer.result {
        case .matches(let index): tagged(0, index.number)
        case .tryFrom(let index): tagged(1, index.number)
        case .refused(let epoch): tagged(2, epoch.number)
        }
    }

    private mutating func request(_ request: RelayedRequest) {
        switch request {
        case .command(let command, let stamp):
            tagged(0, stamp.number)
            self.command(command)
        case .readIndex: byte(1)
        case .admission(let member):
            byte(2)
            disk(member)
        case .membership(.add(let node)):
            byte(3)
            self.node(node)
        case .membership(.remove(let node)):
            byte(4)
            self.node(node)
        }
    }

    private mutating func answer(_ answer: RelayedAnswer) {
        switch answer {
        case .appended(let index, let epoch):
            tagged(0, index.number)
            varint(epoch.number)
        case .unchanged(let index): tagged(1, index.number)
        case .readIndex(let index): tagged(2, index.number)
        case .refused(let reason): tagged(3, UInt64(reason.rawValue))
        }
    }

    private mutating func tagged(_ tag: UInt8, _ value: UInt64) {
        byte(tag)
        varint(value)
    }
}
