import StateMachine
public import SyncNetProtocol

/// What a log entry says, as bytes: the same in a message and in storage.
///
/// Without a checksum: what carries it has one over more than the payload.
public enum PayloadCodec {
    /// Appends a payload.
    public static func encode(_ payload: Payload, into bytes: inout [UInt8]) {
        bytes.write(atMost: SizeBound.of(payload)) { $0.payload(payload) }
    }

    /// The payload that the bytes hold, all of them.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Payload {
        var reader = ByteReader(bytes)
        let payload = try reader.payload()
        try reader.expectEnd()
        return payload
    }
}

/// The first byte of a payload. Stored: a number never gets another meaning.
private enum PayloadTag: UInt8 {
    case epochStarted = 1
    case diskAdmitted = 2
    case join = 3
    case leave = 4
    case chat = 5
    case numberedJoin = 6
    case numberedLeave = 7
    case numberedChat = 8
    case memberRemoved = 9
    case makePrivate = 10
    case invite = 11
    case numberedMakePrivate = 12
    case numberedInvite = 13
    case setAccount = 14
    case removeAccount = 15
    case numberedSetAccount = 16
    case numberedRemoveAccount = 17

    @inline(__always)
    init(_ action: Action, isNumbered: Bool) {
        switch action {
        case .join: self = isNumbered ? .numberedJoin : .join
        case .leave: self = isNumbered ? .numberedLeave : .leave
        case .chat: self = isNumbered ? .numberedChat : .chat
        case .makePrivate: self = isNumbered ? .numberedMakePrivate : .makePrivate
        case .invite: self = isNumbered ? .numberedInvite : .invite
        case .setAccount: self = isNumbered ? .numberedSetAccount : .setAccount
        case .removeAccount: self = isNumbered ? .numberedRemoveAccount : .removeAccount
        }
    }
}

extension ByteWriter {
    mutating func payload(_ payload: Payload) {
        switch payload {
        case .epochStarted(let leader):
            byte(PayloadTag.epochStarted.rawValue)
            node(leader)
        case .diskAdmitted(let node, let disk):
            byte(PayloadTag.diskAdmitted.rawValue)
            self.disk(MemberDisk(node: node, disk: disk))
        case .memberRemoved(let node, let disk):
            byte(PayloadTag.memberRemoved.rawValue)
            self.disk(MemberDisk(node: node, disk: disk))
        case .command(let command): self.command(command)
        }
    }

    mutating func command(_ command: Command) {
        byte(PayloadTag(command.action, isNumbered: command.request != nil).rawValue)
        if let request = command.request {
            text(request.session)
            varint(request.number)
        }
        text(command.sender)
        fixed64(command.createdAt.bitPattern)
        switch command.action {
        case .join(let room), .leave(let room), .makePrivate(let room): text(room)
        case .chat(let room, let text), .invite(let room, let text):
            self.text(room)
            self.text(text)
        case .removeAccount(let name): text(name)
        case .setAccount(let account):
            text(account.name)
            text(account.verifier)
            byte(account.isOperator ? 1 : 0)
        }
    }
}

extension ByteReader {
    mutating func payload() throws(WireError) -> Payload {
        let tag = try payloadTag()
        switch tag {
        case .epochStarted: return .epochStarted(by: try node())
        case .diskAdmitted: return .diskAdmitted(try node(), try disk())
        case .memberRemoved: return .memberRemoved(try node(), try disk())
        default: return .command(try command(tag))
        }
    }

    mutating func command() throws(WireError) -> Command { try command(try payloadTag()) }

    private mutating func payloadTag() throws(WireError) -> PayloadTag {
        guard let tag = PayloadTag(rawValue: try byte()) else { throw .invalid("payload") }
        return tag
    }

    private mutating func command(_ tag: PayloadTag) throws(WireError) -> Command {
        var request: SessionRequest?
        switch tag {
        case .numberedJoin, .numberedLeave, .numberedChat, .numberedMakePrivate,
            .numberedInvite, .numberedSetAccount, .numberedRemoveAccount:
            request = SessionRequest(session: try text(), number: try counter())
        case .join, .leave, .chat, .makePrivate, .invite, .setAccount, .removeAccount: break
        case .epochStarted, .diskAdmitted, .memberRemoved: throw .invalid("command")
        }
        return Command(
            sender: try text(), request: request, createdAt: try finiteDouble(),
            action: try action(tag))
    }

    private mutating func action(_ tag: PayloadTag) throws(WireError) -> Action {
        switch tag {
        case .join, .numberedJoin: .join(room: try text())
        case .leave, .numberedLeave: .leave(room: try text())
        case .chat, .numberedChat: .chat(room: try text(), text: try text())
        case .makePrivate, .numberedMakePrivate: .makePrivate(room: try text())
        case .invite, .numberedInvite: .invite(room: try text(), guest: try text())
        case .removeAccount, .numberedRemoveAccount: .removeAccount(try text())
        case .setAccount, .numberedSetAccount:
            .setAccount(
                Account(name: try text(), verifier: try text(), isOperator: try flag()))
        case .epochStarted, .diskAdmitted, .memberRemoved: throw .invalid("command")
        }
    }
}
