/// What a person typed.
enum ClientLine: Equatable {
    case join(room: String)
    case privateRoom(String)
    case invite(name: String)
    case leave(room: String?)
    case rooms
    case who(room: String?)
    case history(limit: UInt64?)
    case search(String)
    case servers
    case login
    case help
    case quit
    case say(String)
    case nothing
    case mistake(String)

    /// Whether it changes nothing at the servers.
    var isQuestion: Bool {
        switch self {
        case .rooms, .who, .history, .search, .servers, .help, .quit, .nothing, .mistake: true
        case .join, .privateRoom, .invite, .leave, .login, .say: false
        }
    }

    /// Reads a line. A text that begins with a slash is typed with two.
    init(_ line: String) {
        let line = line.last == "\r" ? String(line.dropLast()) : line
        guard line.first == "/" else {
            self = line.allSatisfy(\.isWhitespace) ? .nothing : .say(line)
            return
        }
        guard !line.hasPrefix("//") else {
            self = .say(String(line.dropFirst()))
            return
        }
        let end = line.firstIndex(of: " ") ?? line.endIndex
        self = Self.command(String(line[..<end]), with: Self.trimmed(line[end...]))
    }

    private static func command(_ word: String, with rest: String) -> ClientLine {
        let room = rest.isEmpty ? nil : rest
        switch word {
        case "/create", "/join": return room.map(ClientLine.join) ?? .mistake("\(word) ROOM")
        case "/private": return room.map(ClientLine.privateRoom) ?? .mistake("/private ROOM")
        case "/invite": return room.map { .invite(name: $0) } ?? .mistake("/invite NAME")
        case "/leave": return .leave(room: room)
        case "/rooms": return .rooms
        case "/who": return .who(room: room)
        case "/history": return history(rest)
        case "/search": return rest.isEmpty ? .mistake("/search WORDS") : .search(rest)
        case "/servers": return .servers
        case "/login": return .login
        case "/help": return .help
        case "/quit", "/exit": return .quit
        default: return .mistake("there is no \(word); /help lists what there is")
        }
    }

    private static func history(_ rest: String) -> ClientLine {
        if rest.isEmpty { return .history(limit: nil) }
        return UInt64(rest).map { .history(limit: $0) } ?? .mistake("/history [HOW MANY]")
    }

    /// Names may have spaces inside, not around them.
    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Whether it is answered only by a server, while the person waits.
    var needsServer: Bool {
        switch self {
        case .join, .privateRoom, .invite, .leave, .who, .history, .search, .servers: true
        case .rooms, .login, .help, .quit, .say, .nothing, .mistake: false
        }
    }

    /// What there is, for completion.
    static let commands = [
        "/create", "/join", "/private", "/invite", "/leave", "/rooms", "/who", "/history",
        "/search", "/servers", "/login", "/help", "/quit",
    ]
    /// Those that a room follows.
    static let roomCommands = ["/create", "/join", "/leave", "/who"]

    /// What stands before the explanations of `/help`, in columns.
    static let helpIndent = 17

    /// What `/help` prints.
    static let helpText = """
        /join ROOM       enter a room, made where there is none
        /create ROOM     the same
        /private ROOM    make a room that only its members read
        /invite NAME     let somebody into it
        /leave [ROOM]    leave it
        /rooms           the rooms you are in
        /who [ROOM]      its members
        /history [N]     the last messages of the room
        /search WORDS    where all of them were said, in all your rooms; wo* is any end
        /servers         the servers, and which one leads
        /login           log in to your account, or again with a new password
        /quit            end
        anything else    is said in the room; //text says "/text"
        """
}
