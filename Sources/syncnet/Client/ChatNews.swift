import SyncNetClient
import SyncNetProtocol

/// What a client in a pipe has to tell.
enum ChatNews {
    case message(ChatMessage)
    case connected(ChatAddress, isFirst: Bool)
    case disconnected
    case offline
    case leaderless
    case led
    case joined(room: String, index: UInt64?)
    case left(room: String, index: UInt64?, current: String?)
    case excluded(room: String)
    case lockedOut(detail: String)
    case replaced
    case invited(String, room: String, index: UInt64)
    case acknowledged(room: String, index: UInt64)
    case rooms([String], current: String?)
    case members(room: String, [String])
    case page(room: String, [ChatMessage])
    case found([ChatMessage], hasMore: Bool)
    case servers([ServerAddress])
    case help
    case refused(String)
    case gaveUp(String)

    /// What is told to who speaks in a room that was left under the same name.
    static func turnedOut(of room: String) -> String {
        "refused (not_joined): \(room) was left, by somebody of the same name; /join \(room) first"
    }

    /// The lines for people; those that begin with "!" tell of something that did not work.
    var lines: [String] {
        switch self {
        case .message, .disconnected, .acknowledged: []
        case .connected(let server, let isFirst):
            ["· \(isFirst ? "connected" : "connection lost, now") to \(server)"]
        case .offline: ["· no server answers; goes on trying"]
        case .leaderless: ["· the servers have no leader; what is asked for waits until they have"]
        case .led: ["· the servers have a leader again"]
        case .joined(let room, _): ["· you are in \(room)"]
        case .left(let room, _, let current):
            ["· left \(room)" + (current.map { ", you are in \($0)" } ?? "")]
        case .excluded(let room):
            ["· no member of \(room) any more: somebody there may invite you"]
        case .lockedOut(let detail):
            ["! logged out: \(detail); start anew with --login or --password-file"]
        case .replaced: ["! \(ChatError.replaced.description)"]
        case .invited(let name, let room, _): ["· \(name) may enter \(room) now"]
        case .rooms(let rooms, let current):
            rooms.isEmpty
                ? ["· you are in no room: /join ROOM"]
                : rooms.map { "· \($0)" + ($0 == current ? " (here)" : "") }
        case .members(let room, let members):
            ["· \(members.count) in \(room): " + members.joined(separator: ", ")]
        case .page(_, let messages): messages.map { "\($0.index)  \(MessageLine.text(of: $0))" }
        case .found(let messages, let hasMore):
            ["· found \(messages.count)" + (hasMore ? ", the last ones" : "")]
                + messages.map { "\($0.index)  [\($0.room)] \(MessageLine.text(of: $0))" }
        case .servers(let servers): servers.map { "· \(ServerLine.text(of: $0))" }
        case .help: ClientLine.helpText.split(separator: "\n").map(String.init)
        case .refused(let text): ["! \(text)"]
        case .gaveUp(let reason): ["! not everything was acknowledged, and \(reason)"]
        }
    }

    /// The object for programs.
    var report: NewsReport {
        switch self {
        case .message(let message): NewsReport("message", message: message)
        case .connected(let server, _): NewsReport("connected", text: server.description)
        case .disconnected: NewsReport("disconnected")
        case .offline: NewsReport("offline")
        case .leaderless: NewsReport("leaderless")
        case .led: NewsReport("led")
        case .joined(let room, let index): NewsReport("joined", room: room, index: index)
        case .left(let room, let index, _): NewsReport("left", room: room, index: index)
        case .excluded(let room): NewsReport("excluded", room: room)
        case .lockedOut(let detail): NewsReport("locked_out", text: detail)
        case .replaced: NewsReport("replaced", text: ChatError.replaced.description)
        case .invited(let name, let room, let index):
            NewsReport("invited", room: room, index: index, names: [name])
        case .acknowledged(let room, let index):
            NewsReport("acknowledged", room: room, index: index)
        case .rooms(let rooms, let current):
            NewsReport("rooms", room: current, names: rooms)
        case .members(let room, let members): NewsReport("members", room: room, names: members)
        case .page(let room, let messages):
            NewsReport("history", room: room, messages: messages.map(MessageReport.init))
        case .found(let messages, _):
            NewsReport("found", messages: messages.map(MessageReport.init))
        case .servers(let servers):
            NewsReport("servers", names: servers.map { "\($0.host.string):\($0.port)" })
        case .help: NewsReport("help", text: ClientLine.helpText)
        case .refused(let text): NewsReport("refused", text: text)
        case .gaveUp: NewsReport("refused", text: "not everything was acknowledged")
        }
    }
}

/// News for programs: one object, of which `type` says what it is.
struct NewsReport: Encodable {
    var type: String
    var room: String?
    var index: UInt64?
    var stamp: UInt64?
    var sender: String?
    var createdAt: Double?
    var text: String?
    var names: [String]?
    var messages: [MessageReport]?
    /// Of the object that it answers.
    var id: ProgramID?

    init(
        _ type: String, room: String? = nil, index: UInt64? = nil, text: String? = nil,
        names: [String]? = nil, messages: [MessageReport]? = nil
    ) {
        self.type = type
        self.room = room
        self.index = index
        self.text = text
        self.names = names
        self.messages = messages
    }

    init(_ type: String, message: ChatMessage) {
        self.init(type, room: message.room, index: message.index, text: message.text)
        stamp = message.stamp
        sender = message.sender
        createdAt = message.createdAt
    }
}
