import SyncNetProtocol

/// How many bytes a message takes at the most. Cheap to tell, and never too small.
enum SizeBound {
    /// Frame and all that has a fixed number of parts: at most thirteen numbers.
    private static let fixedParts = 160
    /// An entry and a command without their texts: at most nine numbers and a tag.
    private static let entryParts = 96
    private static let voter = 2 * ByteWriter.varintBytesMax

    static func of(_ body: Body) -> Int {
        switch body {
        case .elected(let elected): fixedParts + elected.voters.count * voter
        case .introduction(let introduction): fixedParts + of(introduction)
        case .append(let append):
            append.entries.reduce(fixedParts) { $0 + of($1.payload) }
        case .relay(_, .command(let command, _)): fixedParts + of(command)
        default: fixedParts
        }
    }

    @inline(__always)
    static func of(_ payload: Payload) -> Int {
        switch payload {
        case .epochStarted, .diskAdmitted, .memberRemoved: entryParts
        case .command(let command): of(command)
        }
    }

    private static func of(_ introduction: Introduction) -> Int {
        let members = of(introduction.members)
        guard let formation = introduction.formation else { return members }
        return members + of(formation.members) + formation.disks.count * voter
    }

    private static func of(_ texts: [Text]) -> Int {
        texts.reduce(0) { $0 + ByteWriter.varintBytesMax + $1.utf8.count }
    }

    @inline(__always)
    private static func of(_ command: Command) -> Int {
        let session = command.request?.session.utf8.count ?? 0
        return entryParts + command.sender.utf8.count + session + of(command.action)
    }

    @inline(__always)
    private static func of(_ action: Action) -> Int {
        switch action {
        case .join(let room), .leave(let room), .makePrivate(let room): room.utf8.count
        case .chat(let room, let text), .invite(let room, let text):
            room.utf8.count + text.utf8.count
        case .removeAccount(let name): name.utf8.count
        case .setAccount(let account): account.name.utf8.count + account.verifier.utf8.count
        }
    }
}
